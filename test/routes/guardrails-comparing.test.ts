import { describe, expect, test } from 'vitest'
import { applyPolicy, call, createKey, emulator, everything, problemOf } from '../harness.ts'
import { BUCKET, DOMAIN, ZONE } from './examples.ts'
import { ask, freeKey, guardedKey, violationProblem } from './guardrails-cases.ts'

/** Guardrails that compare with what is there: it is read first, and only when it could matter. */

const own = `/buckets/${BUCKET}`
const lock = { method: 'PUT', path: `${own}/lock` }
const remove = { method: 'DELETE', path: own }
const change = { method: 'PUT', path: `${own}/domains/custom/${DOMAIN}` }
const add = { method: 'POST', path: `${own}/domains/custom` }

const lockedFor = (maxAgeSeconds: number) => ({
  rules: [{ id: 'keep', enabled: true, condition: { type: 'Age', maxAgeSeconds } }],
})
const domain = (name: string) => ({ domain: name, zoneId: ZONE, enabled: true })

const neverWeaken = { name: 'kept', locks: { neverWeaken: true } }
const floor = { name: 'floor', customDomains: { minTLS: '1.2' } }
const atMostOne = { name: 'one', customDomains: { maxCount: 1 } }

/** Each change with what must be there for it to be refused, and the read that finds out. */
const comparing = [
  {
    name: 'a shorter lock',
    guardrail: neverWeaken,
    before: [[lock, lockedFor(120)]],
    route: lock,
    refused: lockedFor(60),
    passes: lockedFor(180),
    read: 'buckets.locks.get',
    violation: { guardrail: 'kept', pointer: '/rules/0', value: lockedFor(60).rules[0] },
  },
  {
    name: 'a domain of a low version, changed',
    guardrail: floor,
    before: [[add, domain(DOMAIN)]],
    route: change,
    refused: { enabled: false },
    passes: { enabled: false, minTLS: '1.2' },
    read: 'buckets.domains.custom.get',
    violation: { guardrail: 'floor', pointer: '/minTLS', value: '1.0', allowed: '1.2 or higher' },
  },
] as const

type Step = readonly [{ readonly method: string; readonly path: string }, unknown]

async function put(steps: readonly Step[]): Promise<void> {
  const key = await freeKey()
  for (const [route, body] of steps) expect((await ask(route, key, body)).ok).toBe(true)
}

/** What was received since now. */
async function since(work: () => Promise<unknown>) {
  const before = (await emulator.received()).length
  await work()
  return (await emulator.received()).slice(before).map(({ method, operation }) => `${method} ${operation}`)
}

describe.each(comparing)('$name', ({ guardrail, before, route, refused, passes, read, violation }) => {
  test('is refused after one read, and nothing else is sent', async () => {
    await put(before)
    const key = await guardedKey(guardrail)
    const sent = await since(async () => {
      expect((await violationProblem(ask(route, key, refused))).violations).toMatchObject([violation])
    })
    expect(sent).toEqual([`GET ${read}`])
  })

  test('passes in a form that weakens nothing, after the one read that comes before any change', async () => {
    await put(before)
    const key = await guardedKey(guardrail)
    const sent = await since(async () => expect((await ask(route, key, passes)).ok).toBe(true))
    expect(sent).toEqual([`GET ${read}`, `PUT ${read.replace('.get', '.update')}`, `GET ${read}`])
  })

  test('is not read for where nothing grants it', async () => {
    await put(before)
    await applyPolicy({ organization: { guardrails: [guardrail] }, teams: { team: {} } })
    const key = await createKey('team')
    const sent = await since(async () => expect((await ask(route, key, refused)).status).toBe(403))
    expect(sent).toEqual([])
  })

  test('is not read for where a deny forbids it', async () => {
    await put(before)
    const deny = [{ name: 'no', permissions: ['*'], buckets: ['*'] }]
    await applyPolicy({ teams: { team: { grants: [everything], deny, guardrails: [guardrail] } } })
    const key = await createKey('team')
    const sent = await since(async () => expect((await ask(route, key, refused)).status).toBe(403))
    expect(sent).toEqual([])
  })

  test("is not read for where the key's scope leaves it out", async () => {
    await put(before)
    await guardedKey(guardrail)
    const key = await createKey('team', { role: 'viewer' })
    const sent = await since(async () => expect((await ask(route, key, refused)).status).toBe(403))
    expect(sent).toEqual([])
  })

  test('is not read for on a bucket where the guardrail does not hold', async () => {
    await put(before)
    const key = await guardedKey({ ...guardrail, buckets: ['other'] })
    const tried = since(async () => {
      const response = await ask(route, key, refused, '?dryRun=true')
      expect(await response.json()).toMatchObject({ allowed: true })
    })
    expect(await tried).toEqual([])
  })

  test('is not read for a body that the route refuses', async () => {
    await put(before)
    const key = await guardedKey(guardrail)
    const sent = await since(async () => expect((await ask(route, key, { wrong: 1 })).status).toBe(400))
    expect(sent).toEqual([])
  })

  test('is compared with the bucket of its own jurisdiction', async () => {
    await put(before)
    const key = await guardedKey(guardrail)
    const inEu = '?jurisdiction=eu'
    for (const [step, body] of before) await ask(step, await freeKey(), body, inEu)
    const sent = await since(() => ask(route, key, refused, inEu))
    const [seen] = (await emulator.received()).slice(-sent.length)
    expect(seen?.headers['cf-r2-jurisdiction']).toBe('eu')
  })

  test.each([
    ['500', { status: 500 }, 502, 'upstream_error'],
    ['403', { status: 403 }, 502, 'upstream_refused'],
    ['429', { kind: 'rate-limited' }, 429, 'rate_limited'],
    ['a broken connection', { kind: 'broken-connection' }, 502, 'upstream_error'],
    ['what is not JSON', { kind: 'not-json' }, 502, 'upstream_error'],
    ['half a body', { kind: 'broken-body' }, 502, 'upstream_error'],
  ])('answers a named error when its read gets %s, and changes nothing', async (_, fault, status, code) => {
    await put(before)
    const key = await guardedKey(guardrail)
    await emulator.faults({ operation: read, times: 9, ...fault })
    const sent = await since(async () => {
      expect(await problemOf(ask(route, key, passes))).toMatchObject({ status, code })
    })
    expect(new Set(sent)).toEqual(new Set([`GET ${read}`]))
  })

  test.each(['null', '[]', '{"rules":"none","minTLS":3}', '"locked"'])(
    'is refused when its read gets a success with %s, and changes nothing',
    async (result) => {
      await put(before)
      const key = await guardedKey(guardrail)
      const body = `{"success":true,"errors":[],"messages":[],"result":${result}}`
      await emulator.faults({ operation: read, times: 9, status: 200, body })
      const unsaid = route === change ? { enabled: true } : passes
      const sent = await since(async () => {
        expect(await violationProblem(ask(route, key, unsaid))).toMatchObject({ code: 'guardrail_violation' })
      })
      expect(sent).toEqual([`GET ${read}`])
    },
  )
})

test('a bucket with a lock is not deleted under neverWeaken: the locks are read, and no more', async () => {
  await put([[lock, lockedFor(60)]])
  const key = await guardedKey(neverWeaken)
  const sent = await since(async () => {
    expect((await violationProblem(ask(remove, key, undefined))).violations).toMatchObject([
      { guardrail: 'kept', pointer: '' },
    ])
  })
  expect(sent).toEqual(['GET buckets.locks.get'])
})

test('a bucket without a lock is deleted under neverWeaken', async () => {
  expect((await ask(remove, await guardedKey(neverWeaken), undefined)).status).toBe(204)
})

test('a bucket that is not there is answered as that', async () => {
  const key = await guardedKey(neverWeaken)
  const problem = await problemOf(call('/v1/buckets/no-such-bucket', { key, method: 'DELETE' }))
  expect(problem).toMatchObject({ status: 404, code: 'bucket_not_found' })
})

test('an expired date lock may be removed, by the clock of the warden', async () => {
  const until = (date: string) => ({ rules: [{ id: 'a', enabled: true, condition: { type: 'Date', date } }] })
  await put([[lock, until('2020-01-01T00:00:00Z')]])
  expect((await ask(lock, await guardedKey(neverWeaken), { rules: [] })).status).toBe(204)
  await put([[lock, until('2999-01-01T00:00:00Z')]])
  expect((await ask(lock, await guardedKey(neverWeaken), { rules: [] })).status).toBe(403)
})

test('a domain over the count is refused: the domains are read, and no more', async () => {
  await put([[add, domain(DOMAIN)]])
  const key = await guardedKey(atMostOne)
  const sent = await since(async () => {
    const { violations } = await violationProblem(ask(add, key, domain('b.media.example.com')))
    expect(violations).toMatchObject([{ guardrail: 'one', pointer: '', value: 2, allowed: '1 or less' }])
  })
  expect(sent).toEqual(['GET buckets.domains.custom.list'])
})

test('a domain within the count is added', async () => {
  expect((await ask(add, await guardedKey(atMostOne), domain(DOMAIN))).status).toBe(201)
})

test.each(['warn', 'shadow'])(
  'a read that fails for a guardrail in mode %s, and for nothing else, refuses nothing',
  async (mode) => {
    const key = await guardedKey({ ...neverWeaken, mode })
    await emulator.faults({ operation: 'buckets.locks.get', times: 9, status: 500 })
    expect((await ask(remove, key, undefined)).status).toBe(204)
  },
)
