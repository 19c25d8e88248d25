import { describe, expect, test } from 'vitest'
import { A } from '../dialects/v4-examples.ts'
import { applyPolicy, call, createKey, everything } from '../harness.ts'
import { BUCKET } from '../routes/examples.ts'
import { ask, cases, guardedKey } from '../routes/guardrails-cases.ts'
import { writtenBy } from './written.ts'

/** What guardrails find that let a change pass is recorded with it. */

const warningsIn = ({ warnings }: { readonly warnings: string } = { warnings: 'null' }): unknown =>
  JSON.parse(warnings)

describe.each(['warn', 'shadow'])('in mode %s', (mode) => {
  test.each(cases)('a $kind guardrail that is violated is recorded with the change', async (one) => {
    const key = await guardedKey({ name: 'ours', mode, [one.kind]: one.options })
    const { result: response, records } = await writtenBy(() => ask(one, key, one.refused))
    expect(response.ok).toBe(true)
    expect(records).toMatchObject([
      { decision: 'allowed', rule: 'teams.team.grants[0]', outcome: 'happened' },
    ])
    expect(warningsIn(records[0])).toEqual([{ guardrail: 'ours', ...one.violation }])
  })

  test.each(cases)('a $kind guardrail that holds leaves no warning', async (one) => {
    const key = await guardedKey({ name: 'ours', mode, [one.kind]: one.options })
    const { records } = await writtenBy(() => ask(one, key, one.passes))
    expect(records.map(warningsIn)).toEqual([[]])
  })
})

const corsOf = (...origins: string[]) => ({ rules: [{ allowed: { origins, methods: ['GET'] } }] })
const cors = { method: 'PUT', path: `/buckets/${BUCKET}/cors` }
const only = (name: string, mode: string, ...origins: string[]) => ({ name, mode, cors: { origins } })

test('a guardrail that warns and one that only records are both named, whoever made them', async () => {
  await applyPolicy({
    organization: { guardrails: [only('theirs', 'shadow', 'https://a.example.com')] },
    teams: { team: { grants: [everything], guardrails: [only('ours', 'warn', 'https://b.example.com')] } },
  })
  const key = await createKey('team')
  const { records } = await writtenBy(() => ask(cors, key, corsOf('https://c.example.com')))
  expect(warningsIn(records[0])).toMatchObject([{ guardrail: 'ours' }, { guardrail: 'theirs' }])
})

test('a denied change has the warnings of the guardrails that would have let it pass', async () => {
  const key = await guardedKey(
    only('strict', 'enforce', 'https://a.example.com'),
    only('mild', 'warn', 'https://b.example.com'),
  )
  const { records } = await writtenBy(() => ask(cors, key, corsOf('https://c.example.com')))
  expect(records).toMatchObject([{ decision: 'denied', rule: 'strict' }])
  expect(warningsIn(records[0])).toMatchObject([{ guardrail: 'mild' }])
})

/** As many warnings as a body can give: what is kept has to fit into a row, and into a page of rows. */
describe('a body that violates a guardrail a thousand times over', () => {
  const allowed = Array.from({ length: 50 }, (_, index) => `https://allowed-${index}.media.example.com`)
  const many = corsOf(...Array.from({ length: 1000 }, (_, index) => `https://h${index}.example.org`))

  test('is recorded with what there is room for, and how much was left out', async () => {
    const key = await guardedKey(only('ours', 'warn', ...allowed))
    const { result: response, records } = await writtenBy(() => ask(cors, key, many))
    expect(response.status).toBe(204)
    const [text = ''] = records.map(({ warnings }) => warnings)
    expect(text.length).toBeLessThan(10_000)
    const found: unknown[] = JSON.parse(text)
    expect(found[0]).toEqual({
      guardrail: 'ours',
      pointer: '/rules/0/allowed/origins/0',
      message: 'origin https://h0.example.org is not allowed',
    })
    expect(found.at(-1)).toEqual({ omitted: 1000 - (found.length - 1) })
  })

  test('is denied on record all the same', async () => {
    const key = await guardedKey(
      only('strict', 'enforce', 'https://x.example.com'),
      only('mild', 'shadow', ...allowed),
    )
    const { result: response, records } = await writtenBy(() => ask(cors, key, many))
    expect([response.status, records.length]).toEqual([403, 1])
  })

  test('or with one value that is nearly as long as a body may be, is recorded short', async () => {
    const key = await guardedKey(only('ours', 'warn', ...allowed))
    const body = corsOf(`https://${'h'.repeat(900_000)}.example.org`)
    const { records } = await writtenBy(() => call(`${A}/r2${cors.path}`, { key, method: 'PUT', body }))
    expect(records).toMatchObject([{ decision: 'allowed' }])
    expect(records[0]?.warnings.length).toBeLessThan(10_000)
  })
})
