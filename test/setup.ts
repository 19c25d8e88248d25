import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach } from 'vitest'
import { emulator, settleLanes } from './harness.ts'
import { expectNoLeak, watchConsole } from './leak-watch.ts'

watchConsole()

beforeEach(async () => {
  await applyD1Migrations(env.DB, env.MIGRATIONS)
  await emulator.reset()
  if (await settleLanes()) await emulator.reset()
})

afterEach(expectNoLeak)
