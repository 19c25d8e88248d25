import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach } from 'vitest'
import { emulator } from './harness.ts'

beforeEach(async () => {
  await applyD1Migrations(env.DB, env.MIGRATIONS)
  await emulator.reset()
})
