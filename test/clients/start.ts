import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { Checkout } from '../node/checkout.ts'
import { Stack } from '../node/stack.ts'
import { breakExample, lookAtBroken, mend, type SeenBroken } from './broken-policy.ts'

/** Where the stack is that every test here talks to, and with which keys. */
export interface Running {
  readonly warden: string
  readonly emulator: string
  readonly keys: Readonly<Record<string, string>>
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly running: Running
    /** Where the policy was broken that the stack was started with, and what was seen of that. */
    readonly broken: { readonly place: string; readonly seen: SeenBroken }
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

/** One start for all files. It begins with a policy that doesn't hold, to show what becomes of that. */
export default async function start(project: TestProject) {
  const checkout = new Checkout()
  const place = breakExample(checkout)
  const stack = await Stack.start({ checkout })
  const { warden, emulator, keys } = stack
  project.provide('broken', { place, seen: await lookAtBroken(stack) })
  await mend(stack, path.join(import.meta.dirname, 'policy.yaml'))
  await put(stack.emulator)
  project.provide('running', { warden, emulator, keys })
  return () => stack.stop()
}
