import { readFileSync, writeFileSync } from 'node:fs'
import type { Checkout } from '../node/checkout.ts'
import { run } from '../node/run.ts'
import { type Stack, until } from '../node/stack.ts'

/** A start with a `policy/example.yaml` that doesn't hold, and how it is put right: what is seen on the way. */

const LAST_LINE = '      - { role: owner, buckets: ["*"], jurisdictions: ["*"] }\n'
const WRONG_LINE = '      - { role: emperor, buckets: ["*"], jurisdictions: ["*"] }\n'

/** Breaks one line of the example, and tells where. */
export function breakExample(checkout: Checkout): string {
  const file = checkout.path('policy', 'example.yaml')
  const right = readFileSync(file, 'utf8')
  writeFileSync(file, right.replace(LAST_LINE, WRONG_LINE))
  const line = right.slice(0, right.indexOf(LAST_LINE)).split('\n').length
  return `policy/example.yaml:${line}:${WRONG_LINE.indexOf('emperor') + 1}: `
}

export type SeenBroken = Awaited<ReturnType<typeof lookAtBroken>>

/** What a stack says and does whose policy isn't valid. */
export async function lookAtBroken(stack: Stack) {
  const readiness = await stack.call('/readyz')
  const { problems }: { problems: string[] } = await readiness.json()
  const keys = Object.entries(stack.keys).map(async ([name, key]) => {
    const { status } = await stack.call('/v1/buckets/media-assets', { key })
    return [name, status] as const
  })
  const statusOfKeys = Object.fromEntries(await Promise.all(keys))
  await stack.call('/v1/metrics', { key: stack.key('platform-owner') })
  return {
    printed: stack.printed,
    alive: (await stack.call('/healthz')).status,
    ready: readiness.status,
    problems,
    statusOfKeys,
    received: await stack.received(),
  }
}

/** Applies a policy that holds, and waits until the running warden goes by it for each of its keys: it knows them all. */
export async function mend(stack: Stack, file: string): Promise<void> {
  await run([process.execPath, 'cli/warden.ts', 'policy', 'apply', file], { cwd: stack.checkout.folder })
  for (const key of Object.values(stack.keys))
    await until(async () => {
      const { grants }: { grants: unknown[] } = await (await stack.call('/v1/whoami', { key })).json()
      return grants.length > 0 // what can't be read grants nothing
    })
}
