import { expect, test, vi } from 'vitest'
import { emulator, everything, keyWithGrants } from '../harness.ts'
import { prepare, v1 } from '../lanes/dialects.ts'
import { changes } from '../routes/examples.ts'
import { valuesOf, writtenBy } from './written.ts'

/** The intent of a change is on record before the change is on its way. */

const PAUSE_MS = 250

test.each(changes)(
  '$name is on record when it reaches Cloudflare, and its outcome is not',
  async (example) => {
    const key = await keyWithGrants(everything)
    await prepare(example, key)
    await emulator.faults({ operation: example.name, delayMs: PAUSE_MS })
    let answered: Promise<Response> = Promise.reject(new Error('not sent'))
    answered.catch(() => undefined)
    const { records } = await writtenBy(async () => {
      answered = v1.send(example, { key })
      await vi.waitFor(async () => {
        const [last] = (await emulator.changes()).slice(-1)
        expect(last).toMatchObject({ operation: example.name, status: null })
      })
    })
    const [record] = records
    const values = record && (await valuesOf(record))
    expect((await answered).ok).toBe(true)
    expect(records).toMatchObject([
      {
        operation: example.name,
        decision: 'allowed',
        outcome: 'pending',
        hash: null,
        durationMs: null,
        afterDigest: null,
      },
    ])
    expect(values).toHaveProperty('before')
    expect(Object.keys(values ?? {}).includes('body')).toBe(example.body !== undefined)
  },
)
