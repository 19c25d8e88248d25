import { describe, expect, test } from 'vitest'
import { KIND_NAMES } from '../../src/policy/guardrails/index.ts'
import { applyPolicy, createKey, emulator, everything, keyWithGrants } from '../harness.ts'
import { QUEUE } from './examples.ts'
import { ask, cases, guardedKey, OTHER_QUEUE, violationProblem } from './guardrails-cases.ts'

/** Guardrails from outside: what is refused never leaves, and what passes leaves as it came. */

test('there is a case of every kind', () => {
  expect(cases.map(({ kind }) => kind).toSorted()).toEqual(KIND_NAMES.toSorted())
})

describe.each(cases)('$kind', (one) => {
  const guardrail = { name: 'the-rule', [one.kind]: one.options }

  test('a violation is answered 403 with the guardrail, the place, the value and what may stand', async () => {
    const response = await ask(one, await guardedKey(guardrail), one.refused)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await violationProblem(response)).toMatchObject({
      status: 403,
      code: 'guardrail_violation',
      detail: expect.stringContaining(one.violation.message),
      violations: [{ guardrail: 'the-rule', ...one.violation }],
    })
  })

  test('a violation sends nothing upstream', async () => {
    const key = await guardedKey(guardrail)
    expect((await ask(one, key, one.refused)).status).toBe(403)
    expect(await emulator.received()).toEqual([])
  })

  test('a change that violates nothing goes up as it came, once', async () => {
    const key = await guardedKey(guardrail)
    expect((await ask(one, key, one.passes)).ok).toBe(true)
    const sent = await emulator.changes()
    expect(sent.map(({ operation, body }) => [operation, JSON.parse(body)])).toEqual([
      [one.operation, one.passes],
    ])
  })

  test('a change that violates nothing carries no warning', async () => {
    const response = await ask(one, await guardedKey(guardrail), one.passes)
    expect(response.headers.has('x-warden-warnings')).toBe(false)
  })

  test('without a grant the answer is forbidden, whatever the value', async () => {
    await applyPolicy({ teams: { team: { guardrails: [guardrail] } } })
    const problem = await violationProblem(ask(one, await createKey('team'), one.refused))
    expect(problem).toMatchObject({ status: 403, code: 'forbidden' })
    expect(problem).not.toHaveProperty('violations')
  })

  test('the organization binds a team that says nothing of it', async () => {
    await applyPolicy({
      organization: { guardrails: [guardrail] },
      teams: { team: { grants: [everything] }, other: {} },
    })
    const problem = await violationProblem(ask(one, await createKey('team'), one.refused))
    expect(problem.violations).toMatchObject([{ guardrail: 'the-rule', pointer: one.violation.pointer }])
  })

  test("another team's guardrail does not bind", async () => {
    await applyPolicy({ teams: { team: { grants: [everything] }, other: { guardrails: [guardrail] } } })
    expect((await ask(one, await createKey('team'), one.refused)).ok).toBe(true)
  })

  test('on another bucket it does not bind', async () => {
    const key = await guardedKey({ ...guardrail, buckets: ['other-*'] })
    expect((await ask(one, key, one.refused)).ok).toBe(true)
  })

  test('in another jurisdiction it does not bind', async () => {
    const elsewhere = { ...guardrail, jurisdictions: ['eu'] }
    expect((await ask(one, await guardedKey(elsewhere), one.refused)).ok).toBe(true)
    expect((await ask(one, await guardedKey(elsewhere), one.refused, '?jurisdiction=eu')).status).toBe(403)
  })
})

test('the organization and the team have their say at once, in order', async () => {
  const [, , cors] = cases
  if (cors === undefined) throw new Error('no case')
  const body = { rules: [{ allowed: { origins: ['*'], methods: ['PUT'] }, maxAgeSeconds: 86_400 }] }
  await applyPolicy({
    organization: { guardrails: [{ name: 'no-star', cors: { anyOrigin: false } }] },
    teams: {
      team: {
        grants: [everything],
        guardrails: [{ name: 'ours', cors: { anyOrigin: true, methods: ['GET'], maxAgeSeconds: 60 } }],
      },
    },
  })
  const { violations } = await violationProblem(ask(cors, await createKey('team'), body))
  expect(violations.map(({ guardrail, pointer }) => `${guardrail} ${pointer}`)).toEqual([
    'no-star /rules/0/allowed/origins/0',
    'ours /rules/0/allowed/methods/0',
    'ours /rules/0/maxAgeSeconds',
  ])
  expect(await emulator.received()).toEqual([])
})

describe('a queue that is not named', () => {
  const path = `/buckets/media-assets/event-notifications/queues/${QUEUE}`
  const guardrail = { name: 'queues', eventNotifications: { queues: [OTHER_QUEUE] } }

  test.each([
    ['PUT', { rules: [{ actions: ['PutObject'] }] }],
    ['DELETE', undefined],
    ['DELETE', { ruleIds: ['one'] }],
  ])('is refused at %s %j, and nothing is sent', async (method, body) => {
    const problem = await violationProblem(ask({ method, path }, await guardedKey(guardrail), body))
    expect(problem.violations).toMatchObject([{ pointer: '', value: QUEUE, allowed: [OTHER_QUEUE] }])
    expect(await emulator.received()).toEqual([])
  })
})

test('the storage class binds its later change too, and nothing is sent', async () => {
  const key = await guardedKey({ name: 'class', bucketCreation: { storageClasses: ['Standard'] } })
  const edit = { method: 'PATCH', path: '/buckets/media-assets' }
  const problem = await violationProblem(ask(edit, key, { storageClass: 'InfrequentAccess' }))
  expect(problem.violations).toMatchObject([{ pointer: '/storageClass', value: 'InfrequentAccess' }])
  expect(await emulator.received()).toEqual([])
})

test('a body that the route refuses is answered as that, not as a violation', async () => {
  const [bucketCreation] = cases
  if (bucketCreation === undefined) throw new Error('no case')
  const key = await guardedKey({ name: 'where', bucketCreation: { locations: ['weur'] } })
  const problem = await violationProblem(ask(bucketCreation, key, { name: 'media-new', locationHint: null }))
  expect(problem.code).toBe('invalid_request')
})

test('reads are never refused by a guardrail', async () => {
  const key = await guardedKey(
    ...cases.map(({ kind, options }) => ({ name: kind.toLowerCase(), [kind]: options })),
  )
  const free = await keyWithGrants(everything)
  for (const one of cases.filter(({ method }) => method === 'PUT')) {
    const read = { method: 'GET', path: one.path }
    expect((await ask(read, key, undefined)).status).toBe((await ask(read, free, undefined)).status)
  }
})
