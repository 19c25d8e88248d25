import { beforeEach } from 'vitest'
import { emulator } from './api.ts'

beforeEach(async () => {
  await emulator('POST', 'reset')
})
