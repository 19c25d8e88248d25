import { expect, test } from 'vitest'
import { emulator, everything, keyWithGrants, until } from '../harness.ts'
import { v1 } from '../lanes/dialects.ts'
import { firstFor, placedChanges } from '../lanes/reconciling.ts'
import { valuesOf, writtenBy } from './written.ts'

/** The intent of a change is on record before the change is on its way. */

test('each change is on record when it reaches Cloudflare, and its outcome is not', async () => {
  const key = await keyWithGrants(everything)
  const answers: Promise<Response>[] = []
  for (const one of await placedChanges()) {
    const { name, example } = one
    const first = firstFor(one)
    if (first) await v1.send(first, { key })
    await emulator.hold({ operation: name })
    const { records } = await writtenBy(async () => {
      answers.push(v1.send(example, { key }))
      await until(async () => {
        const last = (await emulator.changes()).at(-1)
        return last?.operation === name && last.status === null
      })
    })
    const open = { outcome: 'pending', hash: null, durationMs: null, afterDigest: null }
    expect(records).toMatchObject([{ operation: name, decision: 'allowed', ...open }])
    const values = records[0] && (await valuesOf(records[0]))
    const parts = example.body === undefined ? ['before'] : ['before', 'body']
    expect(Object.keys(values ?? {}).sort()).toEqual(parts)
  }
  await emulator.noMoreFaults()
  await Promise.all(answers)
})
