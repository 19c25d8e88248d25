import { afterAll, beforeAll } from 'vitest'
import { Stack } from '../stack.ts'

let started: Stack | undefined
beforeAll(async () => {
  started = await Stack.start()
})
afterAll(() => started?.stop())

/** The one stack that all tests of this folder drive: a start takes longer than most of them together. */
export function running(): Stack {
  if (!started) throw new Error('nothing runs yet')
  return started
}
