import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, beforeEach } from 'vitest'
import { emulator, settleLanes } from './harness.ts'
import { expectNoLeak, watchConsole } from './leak-watch.ts'

watchConsole()

beforeAll(() => applyD1Migrations(env.DB, env.MIGRATIONS))

beforeEach(async () => {
  await emulator.reset()
  if (await settleLanes()) await emulator.reset()
})

afterEach(expectNoLeak)
