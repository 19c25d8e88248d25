import { expect, test, vi } from 'vitest'
import { emulator, everything, keyWithGrants } from '../harness.ts'
import { v1 } from '../lanes/dialects.ts'
import { firstFor, placedChanges } from '../lanes/reconciling.ts'
import { valuesOf, writtenBy } from './written.ts'

/** The intent of a change is on record before the change is on its way. */

const PAUSE_MS = 1_500

test('each change is on record when it reaches Cloudflare, and its outcome is not', async () => {
  const key = await keyWithGrants(everything)
  const answers: Promise<Response>[] = []
  for (const one of await placedChanges()) {
    const { name, example } = one
    const first = firstFor(one)
    if (first) await v1.send(first, { key })
    await emulator.faults({ operation: name, delayMs: PAUSE_MS })
    const { records } = await writtenBy(async () => {
      answers.push(v1.send(example, { key }))
      const underWay = { operation: name, status: null }
      await vi.waitFor(async () => expect((await emulator.changes()).at(-1)).toMatchObject(underWay))
    })
    const open = { outcome: 'pending', hash: null, durationMs: null, afterDigest: null }
    expect(records).toMatchObject([{ operation: name, decision: 'allowed', ...open }])
    const values = records[0] && (await valuesOf(records[0]))
    const parts = example.body === undefined ? ['before'] : ['before', 'body']
    expect(Object.keys(values ?? {}).sort()).toEqual(parts)
  }
  await Promise.all(answers)
})
