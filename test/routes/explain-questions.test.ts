import { describe, expect, test } from 'vitest'
import { call, emulator, everything, keyWithGrants, problemOf } from '../harness.ts'
import { BUCKET, DOMAIN, examples, QUEUE } from './examples.ts'
import { explained, refused } from './explain-asking.ts'

/** What can be asked: exactly what the operation itself could be asked with. */

/** The question that stands for an example, as it would be sent. */
function questionOf({ name, path, body }: (typeof examples)[number]) {
  return {
    operation: name,
    ...(path.includes(BUCKET) && { bucket: BUCKET }),
    ...(path.includes(DOMAIN) && { domain: DOMAIN }),
    ...(path.includes(QUEUE) && { queueId: QUEUE }),
    ...(body !== undefined && { body }),
  }
}

test.each(examples)('$name can be asked as it would be sent, and sends nothing', async (example) => {
  const key = await keyWithGrants(everything)
  expect(await explained(key, questionOf(example))).toMatchObject({ allowed: true, operation: example.name })
  expect(await emulator.received()).toEqual([])
})

test.each(examples)('$name is answered to a key without grants as it would be refused', async (example) => {
  const key = await keyWithGrants()
  expect(await explained(key, questionOf(example))).toMatchObject({
    allowed: false,
    code: 'forbidden',
    decidedBy: { kind: 'no-grant' },
  })
})

const inPath = ['bucket', 'domain', 'queueId'] as const
const demanded = examples.flatMap((example) =>
  inPath.filter((name) => name in questionOf(example)).map((name) => [example, name] as const),
)

test.each(demanded.map(([example, name]) => ({ operation: example.name, name, example })))(
  '$operation cannot be asked without its $name',
  async ({ name, example }) => {
    const { [name]: _, ...rest } = questionOf(example)
    const problem = await refused(await keyWithGrants(everything), rest)
    expect(problem).toMatchObject({ status: 400, errors: [{ in: 'body', pointer: `/${name}` }] })
  },
)

const values = { bucket: BUCKET, domain: DOMAIN, queueId: QUEUE }
const superfluous = examples
  .filter(({ name }) => name !== 'buckets.create' && name !== 'buckets.list')
  .flatMap((example) =>
    inPath
      .filter((name) => !(name in questionOf(example)))
      .map((name) => ({ operation: example.name, name, example })),
  )

test.each(superfluous)(
  '$operation cannot be asked with a $name, of which it has none',
  async ({ name, example }) => {
    const question = { ...questionOf(example), [name]: values[name] }
    const problem = await refused(await keyWithGrants(everything), question)
    expect(problem).toMatchObject({ status: 400, errors: [{ pointer: `/${name}` }] })
  },
)

test.each(
  examples.filter(({ body, name }) => body === undefined && name !== 'buckets.eventNotifications.delete'),
)('$name cannot be asked with a body, as it has none', async (example) => {
  for (const body of [{}, null, 'x']) {
    const problem = await refused(await keyWithGrants(everything), { ...questionOf(example), body })
    expect(problem).toMatchObject({ status: 400, errors: [{ in: 'body', pointer: '/body' }] })
  }
})

describe('a body that does not fit is refused by its place in the question', () => {
  const cors = { operation: 'buckets.cors.update', bucket: BUCKET }
  const rule = { allowed: { origins: ['https://a.example'], methods: ['GET'] } }

  test.each<[unknown, string]>([
    [null, '/body'],
    [[], '/body'],
    ['{}', '/body'],
    [{}, '/body/rules'],
    [{ rules: [{}] }, '/body/rules/0/allowed'],
    [{ rules: [rule, { ...rule, maxAgeSeconds: '1' }] }, '/body/rules/1/maxAgeSeconds'],
    [{ rules: [{ ...rule, 'a/b': 1 }] }, '/body/rules/0/a~1b'],
    [{ rules: [{ allowed: { ...rule.allowed, origins: ['a'] } }] }, '/body/rules/0/allowed/origins/0'],
  ])('%j', async (body, pointer) => {
    const problem = await refused(await keyWithGrants(everything), { ...cors, body })
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request', errors: [{ in: 'body', pointer }] })
    expect(await emulator.received()).toEqual([])
  })
})

test.each<[string, object, string]>([
  ['no operation', { bucket: BUCKET }, '/operation'],
  ['an operation that is not there', { operation: 'buckets.explode', bucket: BUCKET }, '/operation'],
  ['a pattern for an operation', { operation: 'buckets.*', bucket: BUCKET }, '/operation'],
  ['a permission of the warden itself', { operation: 'warden.explain' }, '/operation'],
  ['what every object inherits', { operation: 'constructor', bucket: BUCKET }, '/operation'],
  ['a bucket that is no name', { operation: 'buckets.get', bucket: 'Media' }, '/bucket'],
  ['a bucket that is a glob', { operation: 'buckets.get', bucket: 'media-*' }, '/bucket'],
  ['a bucket of null', { operation: 'buckets.get', bucket: null }, '/bucket'],
  [
    'a jurisdiction that is not there',
    { operation: 'buckets.get', bucket: BUCKET, jurisdiction: 'mars' },
    '/jurisdiction',
  ],
  ['all jurisdictions', { operation: 'buckets.get', bucket: BUCKET, jurisdiction: '*' }, '/jurisdiction'],
  [
    'a domain with an underscore',
    { operation: 'buckets.domains.custom.get', bucket: BUCKET, domain: 'a_b.example.com' },
    '/domain',
  ],
  [
    'a queue that is no id',
    { operation: 'buckets.eventNotifications.get', bucket: BUCKET, queueId: 'media' },
    '/queueId',
  ],
  ['a field that is not known', { operation: 'buckets.get', bucket: BUCKET, buckets: [] }, '/buckets'],
  ['another name for a field', { operation: 'buckets.get', bucketName: BUCKET }, '/bucketName'],
  ['a time', { operation: 'buckets.get', bucket: BUCKET, now: 0 }, '/now'],
  ['what is there', { operation: 'buckets.locks.update', bucket: BUCKET, current: {} }, '/current'],
  ['no bucket for one to be created', { operation: 'buckets.create' }, '/bucket'],
  [
    'two names for one to be created',
    { operation: 'buckets.create', bucket: 'media-a', body: { name: 'media-b' } },
    '/bucket',
  ],
])('a question with %s is refused by place', async (_, question, pointer) => {
  const problem = await refused(await keyWithGrants(everything), question)
  expect(problem).toMatchObject({ status: 400, code: 'invalid_request', errors: [{ in: 'body', pointer }] })
})

test.each([
  ['by name', { bucket: 'media-new' }],
  ['by its body', { body: { name: 'media-new' } }],
  ['by both', { bucket: 'media-new', body: { name: 'media-new' } }],
])('a bucket to be created is named %s', async (_, named) => {
  const key = await keyWithGrants({ role: 'admin', buckets: ['media-*'] })
  expect(await explained(key, { operation: 'buckets.create', ...named })).toMatchObject({
    allowed: true,
    bucket: 'media-new',
  })
})

describe('an answer never promises what the operation itself would refuse:', () => {
  test('metrics, for a key that may see them of some buckets only', async () => {
    const key = await keyWithGrants({ role: 'viewer', buckets: ['media-*'] })
    expect((await call('/v1/metrics', { key })).status).toBe(403)
    const question = { operation: 'buckets.metrics.list', bucket: BUCKET }
    const response = await call('/v1/explain', { key, method: 'POST', body: question })
    expect(await response.json()).not.toMatchObject({ allowed: true })
  })

  test('metrics, for a key that may see those of another jurisdiction', async () => {
    const key = await keyWithGrants({ role: 'viewer', buckets: ['*'], jurisdictions: ['eu'] })
    expect((await call('/v1/metrics', { key })).status).toBe(403)
    const question = { operation: 'buckets.metrics.list', jurisdiction: 'eu' }
    const response = await call('/v1/explain', { key, method: 'POST', body: question })
    expect(await response.json()).not.toMatchObject({ allowed: true })
  })

  test('a listing, for a bucket that it would not hold', async () => {
    const key = await keyWithGrants({ role: 'viewer', buckets: ['media-*'] })
    const question = { operation: 'buckets.list', bucket: 'finance-ledger' }
    const response = await call('/v1/explain', { key, method: 'POST', body: question })
    expect(await response.json()).not.toMatchObject({ allowed: true })
  })
})

test('a question that is not JSON is refused as that', async () => {
  const key = await keyWithGrants(everything)
  const asked = { key, method: 'POST' }
  expect((await problemOf(call('/v1/explain', { ...asked, body: '{' }))).code).toBe('malformed_json')
  const headers = { 'content-type': 'text/plain' }
  expect((await problemOf(call('/v1/explain', { ...asked, body: '{}', headers }))).code).toBe(
    'unsupported_media_type',
  )
})
