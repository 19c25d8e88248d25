import { copyFileSync } from 'node:fs'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { Checkout } from '../node/checkout.ts'
import { Stack } from '../node/stack.ts'

/** Where the stack is that every test here talks to, and with which keys. */
export interface Running {
  readonly warden: string
  readonly emulator: string
  readonly keys: Readonly<Record<string, string>>
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly running: Running
  }
}

/** What must be there before the first test and stay as it is: the metrics count objects, and `us` is listed whole. */
const SEED = {
  buckets: [
    { name: 'full', objects: 3 },
    { name: 'first-of-us', jurisdiction: 'us' },
    { name: 'second-of-us', jurisdiction: 'us' },
  ],
}

async function put(emulator: string): Promise<void> {
  const answer = await fetch(`${emulator}/__emulator/seed`, { method: 'POST', body: JSON.stringify(SEED) })
  if (!answer.ok) throw new Error(`the emulator refused the seed: ${await answer.text()}`)
}

/** One start for all files: it takes as long as ten of their commands. */
export default async function start(project: TestProject) {
  const checkout = new Checkout()
  copyFileSync(path.join(import.meta.dirname, 'policy.yaml'), checkout.path('policy', 'example.yaml'))
  const stack = await Stack.start({ checkout })
  const { warden, emulator, keys } = stack
  await put(stack.emulator)
  project.provide('running', { warden, emulator, keys })
  return () => stack.stop()
}
