import { afterAll, beforeAll } from 'vitest'
import { Stack } from '../stack.ts'

let stack: Stack | undefined
beforeAll(async () => {
  stack = await Stack.start({ command: ['npm', 'start'] })
})
afterAll(() => stack?.stop())

/** The one stack that all tests of this folder drive: a start takes longer than most of them together. */
export function running(): Stack {
  if (!stack) throw new Error('nothing runs yet')
  return stack
}

/** Starts once more where it ran before, without npm in between, which hides the exit code. */
export async function startAgain(env: Readonly<Record<string, string>>): Promise<void> {
  stack = await Stack.start({ checkout: running().checkout, env })
}
