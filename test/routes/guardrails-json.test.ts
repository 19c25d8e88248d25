import { describe, expect, test } from 'vitest'
import { emulator } from '../harness.ts'
import { BUCKET } from './examples.ts'
import { ask, guardedKey, violationProblem } from './guardrails-cases.ts'

/** JSON that two readers could read in two ways: what was judged is what goes up, and nothing else. */

const own = `/buckets/${BUCKET}`
const cors = { method: 'PUT', path: `${own}/cors` }
const managed = { method: 'PUT', path: `${own}/domains/managed` }
const lock = { method: 'PUT', path: `${own}/lock` }
const sippy = { method: 'PUT', path: `${own}/sippy` }

const GOOD = 'https://a.media.example.com'
const BAD = 'https://evil.org'
const key = () =>
  guardedKey(
    { name: 'origins', cors: { origins: ['https://*.media.example.com'], methods: ['GET'] } },
    { name: 'closed', managedDomain: { public: false } },
    { name: 'kept', locks: { minRetention: '30d' } },
    { name: 'sources', sippy: { sourceBuckets: ['https://s3.example.com/*'] } },
  )

const origins = (first: string, second: string) =>
  `{"rules":[{"allowed":{"origins":["${first}"],"methods":["GET"],"origins":["${second}"]}}]}`
const month = 2_592_000
const locked = (first: number, second: number) =>
  `{"rules":[{"id":"a","enabled":true,"condition":{"type":"Age","maxAgeSeconds":${first},"maxAgeSeconds":${second}}}]}`

describe('a key that stands twice', () => {
  test.each([
    ['origins', cors, origins(GOOD, BAD)],
    ['rules', cors, `{"rules":[],"rules":[{"allowed":{"origins":["${BAD}"],"methods":["GET"]}}]}`],
    ['enabled', managed, '{"enabled":false,"enabled":true}'],
    ['an escaped enabled', managed, '{"enabled":false,"\\u0065nabled":true}'],
    ['an age', lock, locked(month, 60)],
  ])('is judged by its last value, when that is the bad one: %s', async (_, route, body) => {
    expect(await violationProblem(ask(route, await key(), body))).toMatchObject({
      code: 'guardrail_violation',
    })
    expect(await emulator.received()).toEqual([])
  })

  test.each([
    [
      'origins',
      cors,
      origins(BAD, GOOD),
      `{"rules":[{"allowed":{"origins":["${GOOD}"],"methods":["GET"]}}]}`,
    ],
    ['enabled', managed, '{"enabled":true,"enabled":false}', '{"enabled":false}'],
    ['an escaped enabled', managed, '{"\\u0065nabled":true,"enabled":false}', '{"enabled":false}'],
    ['an age', lock, locked(60, month), locked(month, month)],
  ])('goes up once, with the value that was judged: %s', async (_, route, body, expected) => {
    expect((await ask(route, await key(), body)).ok).toBe(true)
    const sent = await emulator.changes()
    expect(sent.map(({ body }) => body)).toEqual([JSON.stringify(JSON.parse(expected))])
  })
})

test.each([
  ['below the body', managed, '{"enabled":false,"__proto__":{"enabled":true}}'],
  ['in place of a value', managed, '{"__proto__":{"enabled":false}}'],
  [
    'in a rule',
    cors,
    `{"rules":[{"allowed":{"origins":["${GOOD}"],"methods":["GET"],"__proto__":{"origins":["${BAD}"]}}}]}`,
  ],
])('a key __proto__ %s sends nothing', async (_, route, body) => {
  expect((await ask(route, await key(), body)).ok).toBe(false)
  expect(await emulator.received()).toEqual([])
})

test.each([
  ['a number as a text', lock, locked(0, 0).replaceAll(':0', ':"9999999"')],
  ['a number beyond what is exact', lock, locked(0, 0).replaceAll(':0', ':1e999')],
  ['null for a list', cors, `{"rules":[{"allowed":{"origins":null,"methods":["GET"]}}]}`],
  ['an object for a list', cors, `{"rules":{"0":{"allowed":{"origins":["${GOOD}"],"methods":["GET"]}}}}`],
  ['a text for a truth', managed, '{"enabled":"false"}'],
  ['a number for a truth', managed, '{"enabled":0}'],
  ['nothing', managed, '{}'],
  ['an empty list of origins', cors, '{"rules":[{"allowed":{"origins":[],"methods":["GET"]}}]}'],
])('%s is refused, and nothing is sent', async (_, route, body) => {
  expect([400, 403]).toContain((await ask(route, await key(), body)).status)
  expect(await emulator.received()).toEqual([])
})

test.each([
  'https://＊.media.example.com',
  'https://a.media.example.com\u200b.evil.org',
  'https://evil.org%2f.media.example.com',
  'https://a.media.example.com:443@evil.org',
  'null',
])('the origin %s does not get past', async (origin) => {
  const body = { rules: [{ allowed: { origins: [GOOD, origin], methods: ['GET'] } }] }
  expect((await ask(cors, await key(), body)).ok).toBe(false)
  expect(await emulator.received()).toEqual([])
})

/** Other readers of the URL see the host evil.org, or the bucket `secret`. */
test.each([
  'https://s3.example.com\\@evil.org/media',
  'https://s3.example.com/secret/../media',
  'https://s3.example.com/secret/%2e%2e/media',
])('the Sippy source %j does not get past', async (bucketUrl) => {
  const source = { provider: 's3', bucketUrl, accessKeyId: 'AK', secretAccessKey: 'SK' }
  const destination = { provider: 'r2', accessKeyId: 'AK', secretAccessKey: 'SK' }
  const wide = await guardedKey({ name: 'sources', sippy: { sourceBuckets: ['https://s3.example.com/*'] } })
  expect((await ask(sippy, wide, { source, destination })).ok).toBe(false)
  expect(await emulator.received()).toEqual([])
})
