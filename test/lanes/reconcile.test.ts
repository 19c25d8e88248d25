import { describe, expect, test } from 'vitest'
import { faultIn } from '../audit/store.ts'
import { idOf } from '../audit/written.ts'
import { emulator, everything, keyWithGrants } from '../harness.ts'
import { runningOutOfTime } from '../upstream/deadline.ts'
import { v1 } from './dialects.ts'
import { firstFor, type Placed, placedChanges, recordOf, ringLater } from './reconciling.ts'

/** A change whose answer was lost is looked for at Cloudflare, and recorded as what it was. */

interface Fault {
  readonly name: string
  readonly fault: Record<string, unknown>
  /** What the caller is told, and the status that Cloudflare gave. */
  readonly code: string
  readonly status: number | null
}

const faults: readonly Fault[] = [
  { name: 'a broken connection', fault: { kind: 'broken-connection' }, code: 'upstream_error', status: null },
  {
    name: 'no answer in time',
    fault: { delayMs: 600_000, status: 500 },
    code: 'upstream_timeout',
    status: null,
  },
  { name: 'a failure of the API', fault: { status: 500 }, code: 'upstream_error', status: 500 },
  { name: 'an API that is away', fault: { status: 503 }, code: 'upstream_error', status: 503 },
  { name: 'the page of a gateway', fault: { kind: 'not-json' }, code: 'upstream_error', status: 502 },
  { name: 'half an answer', fault: { kind: 'broken-body' }, code: 'upstream_error', status: 200 },
  {
    name: 'a success that is none',
    fault: { body: '{"success":true}' },
    code: 'upstream_error',
    status: 200,
  },
]

/** Every changing operation at once, each in a lane of its own, each with its answer lost. */
async function lose(fault: Fault, applied: boolean) {
  const key = await keyWithGrants(everything)
  const all = await placedChanges()
  for (const one of all) {
    const first = firstFor(one)
    if (first) expect((await v1.send(first, { key })).ok).toBe(true)
  }
  for (const { name } of all) await emulator.faults({ operation: name, ...fault.fault, applied })
  const loseAll = () =>
    Promise.all(
      all.map(async (one) => {
        const response = await v1.send(one.example, { key })
        return { ...one, code: await v1.codeOf(response), id: idOf(response) }
      }),
    )
  const isHeld = fault.fault.delayMs !== undefined
  const lost = await (isHeld ? runningOutOfTime(loseAll, all.length) : loseAll())
  expect(new Set(lost.map(({ code }) => code))).toEqual(new Set([fault.code]))
  return lost
}

const byName = <T>(all: readonly Placed[], value: T) =>
  Object.fromEntries(all.map(({ name }) => [name, value]))

describe.each(faults)('after $name', (fault) => {
  test.each([
    { applied: true, outcome: 'happened' },
    { applied: false, outcome: 'did_not_happen' },
  ])(
    'each operation is found to be $outcome',
    async ({ applied, outcome }) => {
      const lost = await lose(fault, applied)
      for (const { lane } of lost) await ringLater(lane)
      const records = await Promise.all(lost.map(async ({ name, id }) => [name, await recordOf(id)] as const))
      expect(Object.fromEntries(records.map(([name, record]) => [name, record.outcome]))).toEqual(
        byName(lost, outcome),
      )
      const found = {
        reconciled: 1,
        code: fault.code,
        upstreamStatus: fault.status,
        afterDigest: expect.any(String),
      }
      for (const [, record] of records) expect(record).toMatchObject(found)
      for (const { lane } of lost) expect(await faultIn(lane)).toBeNull()
    },
    30_000,
  )
})
