import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OUTCOMES, PARTS, type Values } from '../../src/audit/record.ts'
import { type Checkpoint, type Link, verifyLane } from '../../src/audit/verify.ts'
import { canonicalJson } from '../../src/encoding/canonical-json.ts'
import { rounds } from '../rounds.ts'
import { readBack, type Said, writeLane } from './trail.ts'

/** Any chain, and anything that somebody could do to it. */

const text = fc.string({ unit: 'grapheme', maxLength: 12 })
const number = fc.integer({ min: 0, max: 2 ** 48 })
const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null })
const value = fc.jsonValue({ maxDepth: 2 }).map(canonicalJson)
const values: fc.Arbitrary<Values> = fc.record(
  { body: value, before: value, after: value },
  { requiredKeys: [] },
)

const common = {
  at: number,
  team: text,
  keyName: text,
  dialect: fc.constantFrom('v1', 'v4'),
  operation: text,
  rule: nullable(text),
  warnings: value,
  reverts: nullable(text),
  outcome: fc.constantFrom('happened', 'refused', 'did_not_happen', 'unknown', 'denied'),
  code: nullable(text),
  upstreamStatus: nullable(fc.integer({ min: 100, max: 599 })),
  durationMs: nullable(number),
  values,
} as const

const jurisdiction = fc.constantFrom('default' as const, 'eu' as const)

/** As records were before they had a subject. */
const old: fc.Arbitrary<Said> = fc
  .record({ ...common, jurisdiction, bucket: text, domain: nullable(text) })
  .map(({ domain, ...rest }) => ({
    ...rest,
    format: 1,
    params: canonicalJson({ bucket: rest.bucket, domain: domain ?? undefined }),
    policyVersion: null,
  }))

const recent: fc.Arbitrary<Said> = fc.record({
  ...common,
  subject: text,
  jurisdiction: nullable(jurisdiction),
  bucket: nullable(text),
  params: value,
  policyVersion: nullable(number),
})

const said = fc.oneof(old, recent)

interface Chain {
  readonly links: readonly Link[]
  readonly checkpoint: Checkpoint | null
}

/** A lane that lost some of its oldest records to retention, and may have a pending one at its end. */
const chains = fc
  .record({
    records: fc.array(said, { minLength: 2, maxLength: 8 }),
    removed: fc.nat(),
    isOpen: fc.boolean(),
  })
  .map(async ({ records, removed, isOpen }): Promise<Chain> => {
    const pending: Said[] = isOpen ? [{ outcome: 'pending' }] : []
    const links = readBack(await writeLane('bucket:eu/any', [...records, ...pending]))
    const first = removed % (records.length - 1)
    const { sequence, hash } = links[first - 1]?.row ?? { sequence: 0, hash: null }
    return { links: links.slice(first), checkpoint: typeof hash === 'string' ? { sequence, hash } : null }
  })

/** Somebody's hand in a chain: what it became, and the index of the link that no longer holds. */
interface Tampered {
  readonly links: readonly Link[]
  readonly broken: Link | undefined
}

async function isFound(tamper: (chain: Chain, any: (below: number) => number) => Tampered | null) {
  await fc.assert(
    fc.asyncProperty(chains, fc.infiniteStream(fc.nat()), async (made, stream) => {
      const chain = await made
      const any = (below: number) => Number(stream.next().value) % below
      const tampered = tamper(chain, any)
      fc.pre(tampered !== null)
      const fault = await verifyLane(tampered.links, chain.checkpoint)
      expect(fault?.row).toBe(tampered.broken?.row)
    }),
    { numRuns: rounds(25) },
  )
}

const isClosed = ({ row }: Link) => row.outcome !== 'pending'
const closedOf = ({ links }: Chain) => links.filter(isClosed)

function replace(links: readonly Link[], old: Link, broken: Link): Tampered {
  return { links: links.map((link) => (link === old ? broken : link)), broken }
}

/** Another value of the same kind. */
function other(column: string, known: unknown, any: (below: number) => number): unknown {
  if (column === 'outcome') return OUTCOMES.filter((one) => one !== known)[any(OUTCOMES.length - 1)]
  if (known === null) return ['x', 7][any(2)]
  if (typeof known === 'number') return [known + 1, known - 1, -known - 1, null][any(4)]
  return [`${known} `, '', null, `x${known}`].filter((one) => one !== known)[any(3)]
}

test('a chain that nobody touched is whole', async () => {
  await fc.assert(
    fc.asyncProperty(chains, async (made) => {
      const { links, checkpoint } = await made
      expect(await verifyLane(links, checkpoint)).toBeNull()
    }),
    { numRuns: rounds(25) },
  )
})

const COLUMNS = Object.keys(readBack(await writeLane('a', [{}]))[0]?.row ?? {}).filter(
  (name) => name !== 'number',
)

test.each(COLUMNS)('a record with another %s is named', async (column) => {
  await isFound((chain, any) => {
    const closed = closedOf(chain)
    const link = closed[any(closed.length)]
    if (!link) return null
    const row = { ...link.row, [column]: other(column, link.row[column], any) }
    return replace(chain.links, link, { ...link, row })
  })
})

test('behind a removed record the next is named', async () => {
  await isFound(({ links }, any) => {
    const index = any(links.length - 1)
    return { links: links.toSpliced(index, 1), broken: links[index + 1] }
  })
})

test('of two records that changed places the first in the wrong place is named', async () => {
  await isFound(({ links }, any) => {
    const [one, two] = [any(links.length), any(links.length)].sort((a, b) => a - b)
    const [early, late] = [links[one ?? 0], links[two ?? 0]]
    if (!early || !late || early === late) return null
    const moved = links.map((link) => (link === early ? late : link === late ? early : link))
    return { links: moved, broken: late }
  })
})

test('a record that is there twice is named', async () => {
  await isFound(({ links }, any) => {
    const index = any(links.length)
    const link = links[index]
    if (!link) return null
    const twin = { ...link, row: { ...link.row } }
    // A pending record that another follows, be it its twin, is the one that is at fault.
    return { links: links.toSpliced(index + 1, 0, twin), broken: isClosed(link) ? twin : link }
  })
})

test.each(PARTS)('a record whose value (%s) was changed, removed or added is named', async (part) => {
  await isFound(({ links }, any) => {
    const link = links[any(links.length)]
    if (!link) return null
    const { [part]: known, ...rest } = link.values
    const changed = known === undefined ? 'null' : [`${known} `, undefined, `[${known}]`][any(3)]
    const tampered = changed === undefined ? rest : { ...rest, [part]: changed }
    return replace(links, link, { ...link, values: tampered })
  })
})
