import { describe, expect, test } from 'vitest'
import { applyPolicy, createKey, emulator, everything } from '../harness.ts'
import { consoleLines } from '../leak-watch.ts'
import { ask, cases, freeKey, guardedKey, violationProblem } from './guardrails-cases.ts'

/** `warn` lets pass and tells the caller, `shadow` lets pass and tells the operators only. */

const HEADER = 'x-warden-warnings'

interface Warning {
  readonly guardrail: string
  readonly pointer: string
}

const warningsOf = (response: Response): Warning[] => JSON.parse(response.headers.get(HEADER) ?? 'null')

/** The lines of the log that tell of a violation, in the order they were written. */
const recorded = (): Record<string, unknown>[] =>
  consoleLines()
    .filter((line) => line.includes('"guardrail violated"'))
    .map((line) => JSON.parse(line))

describe.each(cases)('$kind', (one) => {
  const guardrail = (mode: string) => ({ name: 'the-rule', mode, [one.kind]: one.options })

  test('in mode warn lets pass what it would refuse, and goes up as it came', async () => {
    const response = await ask(one, await guardedKey(guardrail('warn')), one.refused)
    expect(response.ok).toBe(true)
    const sent = await emulator.changes()
    expect(sent.map(({ operation, body }) => [operation, JSON.parse(body)])).toEqual([
      [one.operation, one.refused],
    ])
  })

  test('in mode warn tells the caller of the guardrail and the place', async () => {
    const response = await ask(one, await guardedKey(guardrail('warn')), one.refused)
    expect(warningsOf(response)).toMatchObject([{ guardrail: 'the-rule', pointer: one.violation.pointer }])
  })

  test('in mode shadow lets pass without a word to the caller', async () => {
    const response = await ask(one, await guardedKey(guardrail('shadow')), one.refused)
    expect(response.ok).toBe(true)
    expect(response.headers.has(HEADER)).toBe(false)
    expect(await response.text()).not.toContain('the-rule')
  })

  test.each(['warn', 'shadow'])('in mode %s puts the violation on record', async (mode) => {
    await ask(one, await guardedKey(guardrail(mode)), one.refused)
    expect(recorded()).toMatchObject([
      {
        level: 'warn',
        operation: one.operation,
        jurisdiction: 'default',
        team: 'team',
        guardrail: 'the-rule',
        mode,
        pointers: [one.violation.pointer],
      },
    ])
  })

  test.each(['warn', 'shadow'])('in mode %s says nothing of what violates nothing', async (mode) => {
    const response = await ask(one, await guardedKey(guardrail(mode)), one.passes)
    expect(response.headers.has(HEADER)).toBe(false)
    expect(recorded()).toEqual([])
  })
})

const cors = { method: 'PUT', path: '/buckets/media-assets/cors' }
const origins = ['https://*.media.example.com']
const corsOf = (...asked: string[]) => ({ rules: [{ allowed: { origins: asked, methods: ['GET'] } }] })

test('guardrails of the organization and the team warn together', async () => {
  await applyPolicy({
    organization: { guardrails: [{ name: 'all', mode: 'warn', cors: { origins } }] },
    teams: {
      team: { grants: [everything], guardrails: [{ name: 'ours', mode: 'warn', cors: { methods: [] } }] },
    },
  })
  const response = await ask(cors, await createKey('team'), corsOf('https://evil.org'))
  expect(warningsOf(response)).toMatchObject([
    { guardrail: 'all', pointer: '/rules/0/allowed/origins/0' },
    { guardrail: 'ours', pointer: '/rules/0/allowed/methods/0' },
  ])
})

test('a guardrail that enforces refuses beside one that warns', async () => {
  const key = await guardedKey(
    { name: 'soft', mode: 'warn', cors: { origins } },
    { name: 'hard', cors: { methods: ['HEAD'] } },
  )
  const { violations } = await violationProblem(ask(cors, key, corsOf('https://evil.org')))
  expect(violations).toMatchObject([{ guardrail: 'hard', pointer: '/rules/0/allowed/methods/0' }])
  expect(await emulator.received()).toEqual([])
})

describe('the header of warnings', () => {
  const warn = { name: 'origins', mode: 'warn', cors: { origins } }
  const kept = { name: 'kept', mode: 'warn', locks: { neverWeaken: true } }
  const lock = { method: 'PUT', path: '/buckets/media-assets/lock' }

  /** The answer to a change that would remove a lock rule of this id, and is warned of it by name. */
  async function unlocked(id: string): Promise<Response> {
    const rules = [{ id, enabled: true, condition: { type: 'Indefinite' } }]
    expect((await ask(lock, await freeKey(), { rules })).ok).toBe(true)
    return ask(lock, await guardedKey(kept), { rules: [] })
  }

  test('is ASCII, and still says what was asked', async () => {
    const response = await unlocked('büro-😀')
    expect(response.headers.get(HEADER)).toMatch(/^[\x20-\x7e]+$/)
    expect(warningsOf(response)).toMatchObject([{ message: expect.stringContaining('büro-😀') }])
  })

  test('stays within 4 KiB when there is much to warn of, and names the first', async () => {
    const many = Array.from({ length: 500 }, (_, index) => `https://evil-${index}.example.org`)
    const response = await ask(cors, await guardedKey(warn), corsOf(...many))
    expect(response.headers.get(HEADER)?.length).toBeLessThanOrEqual(4096)
    expect(warningsOf(response)[0]).toMatchObject({
      guardrail: 'origins',
      pointer: '/rules/0/allowed/origins/0',
    })
  })

  test('names guardrail and place though a single warning would be longer than 4 KiB', async () => {
    const long = Array.from({ length: 200 }, (_, index) => `https://*.site-${index}.media.example.com`)
    const key = await guardedKey({ name: 'long', mode: 'warn', cors: { origins: long } })
    const response = await ask(cors, key, corsOf('https://evil.org'))
    expect(response.headers.get(HEADER)?.length).toBeLessThanOrEqual(4096)
    expect(warningsOf(response)).toMatchObject([{ guardrail: 'long', pointer: '/rules/0/allowed/origins/0' }])
  })

  test('cannot be broken out of by a value', async () => {
    const id = 'x\r\nx-injected: 1\u2028'
    const response = await unlocked(id)
    expect(response.headers.has('x-injected')).toBe(false)
    expect(warningsOf(response)).toMatchObject([{ message: expect.stringContaining(id) }])
  })
})
