import { abortAllDurableObjects } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { createKey, emulator, everything, newKeyWithGrants } from '../harness.ts'
import { changes } from '../routes/examples.ts'
import { DIALECTS, exampleOf, inBoth, prepare, v1, v4 } from './dialects.ts'
import { keyed, type Told, toldBy } from './repeating.ts'

/** `Idempotency-Key`: the same request again is answered with what the first one was answered, and is not sent. */

const CORS = exampleOf('buckets.cors.update')
const CREATE = exampleOf('buckets.create')

const mark = ({ headers }: Response) => headers.get('idempotency-replayed')

describe('a repetition gets the first answer, marked, and is not sent', () => {
  test.each(inBoth(changes))('$dialect $name', async ({ example, spoken }) => {
    const key = await newKeyWithGrants(everything)
    await prepare(example, key)
    const before = (await emulator.changes()).length
    const first = await spoken.send(example, keyed(key))
    const second = await spoken.send(example, keyed(key))
    expect([first.ok, mark(first), mark(second)]).toEqual([true, null, 'true'])
    expect(await toldBy(second)).toEqual(await toldBy(first))
    expect(await emulator.changes()).toHaveLength(before + 1)
  })
})

describe.each([
  { first: v1, second: v4 },
  { first: v4, second: v1 },
])('a repetition of $first.dialect in $second.dialect is the same request', ({ first, second }) => {
  test.each(changes)('$name', async (example) => {
    const key = await newKeyWithGrants(everything)
    await prepare(example, key)
    const before = (await emulator.changes()).length
    const one = await first.send(example, keyed(key))
    const other = await second.send(example, keyed(key))
    expect([one.ok, other.ok, mark(other)]).toEqual([true, true, 'true'])
    expect(await emulator.changes()).toHaveLength(before + 1)
  })
})

describe('one key', () => {
  test.each([
    ['bare and quoted', 'k-1', '"k-1"'],
    ['quoted and bare', '"k-1"', 'k-1'],
    ['quoted twice, one of them with an escape that needs none', '"a\\\\b"', '"a\\\\b"'],
    ['with a space around it, which HTTP takes away', 'k-1', ' k-1 '],
  ])('%s', async (_, one, other) => {
    const key = await newKeyWithGrants(everything)
    await v1.send(CORS, keyed(key, one))
    expect(mark(await v1.send(CORS, keyed(key, other)))).toBe('true')
  })

  test('in other letters is another', async () => {
    const key = await newKeyWithGrants(everything)
    await v1.send(CORS, keyed(key, 'Key'))
    expect(mark(await v1.send(CORS, keyed(key, 'key')))).toBeNull()
  })
})

test('without a key every request is sent', async () => {
  const key = await newKeyWithGrants(everything)
  await v1.send(CORS, { key })
  await v1.send(CORS, { key })
  expect(await emulator.changes()).toHaveLength(2)
})

test('a body with its members in another order is the same body', async () => {
  const key = await newKeyWithGrants(everything)
  const body = { storageClass: 'Standard', name: 'media-new' }
  await v1.send({ ...CREATE, body }, keyed(key))
  const again = await v1.send(
    { ...CREATE, body: { name: 'media-new', storageClass: 'Standard' } },
    keyed(key),
  )
  expect([again.status, mark(again)]).toEqual([201, 'true'])
})

const OTHERS = [
  { what: 'another body', other: { ...CORS, body: { rules: [] } } },
  { what: 'another bucket', other: elsewhere('media-site-prod') },
  { what: 'another bucket of the same jurisdiction', other: elsewhere('data-lake') },
  { what: 'another operation', other: exampleOf('buckets.cors.delete') },
  { what: 'another operation in another lane', other: CREATE },
]

function elsewhere(bucket: string) {
  const there = (path: string) => path.replace('media-assets', bucket)
  return { ...CORS, path: there(CORS.path), sent: { ...CORS.sent, path: there(CORS.sent.path) } }
}

describe.each(DIALECTS)(
  '$dialect: a key that stands for another request is refused',
  ({ send, codeOf, dialect }) => {
    test.each(OTHERS)('$what', async ({ other }) => {
      const key = await newKeyWithGrants(everything)
      await send(CORS, keyed(key))
      const refused = await send(other, keyed(key))
      expect(refused.status).toBe(422)
      expect(await codeOf(refused)).toBe(dialect === 'v1' ? 'idempotency_mismatch' : 10040)
      expect(await emulator.changes()).toHaveLength(1)
    })
  },
)

test('a key that stands for the same request in another jurisdiction is refused', async () => {
  const key = await newKeyWithGrants(everything)
  await v1.send(CORS, keyed(key))
  const there = { ...CORS, path: `${CORS.path}?jurisdiction=eu` }
  expect((await v1.send(there, keyed(key))).status).toBe(422)
})

test('v4: a refusal of a key says that trying again is no use', async () => {
  const key = await newKeyWithGrants(everything)
  await v4.send(CORS, keyed(key))
  const { headers } = await v4.send({ ...CORS, body: { rules: [] } }, keyed(key))
  expect(headers.get('x-should-retry')).toBe('false')
})

describe('another principal', () => {
  test('of the same team has keys of its own', async () => {
    const [one, other] = [await newKeyWithGrants(everything), await createKey('team')]
    await v1.send(CORS, keyed(one))
    expect(mark(await v1.send(CORS, keyed(other)))).toBeNull()
    expect(await emulator.changes()).toHaveLength(2)
  })

  test('with another request under the same key is not refused', async () => {
    const [one, other] = [await newKeyWithGrants(everything), await createKey('team')]
    await v1.send(CORS, keyed(one))
    expect((await v1.send({ ...CORS, body: { rules: [] } }, keyed(other))).status).toBe(204)
  })
})

describe('twins at once', () => {
  test.each([CORS, CREATE])('of $name are sent once, and all get one answer', async (example) => {
    const key = await newKeyWithGrants(everything)
    const twins = Array.from({ length: 8 }, (_, index) => (index % 2 ? v4 : v1).send(example, keyed(key)))
    const answers = await Promise.all(twins)
    expect(answers.filter(({ ok }) => ok)).toHaveLength(8)
    expect(answers.filter((answer) => mark(answer) === null)).toHaveLength(1)
    expect(await emulator.changes()).toHaveLength(1)
  })

  test('that ask for different things in different lanes: one is done, the others are refused', async () => {
    const key = await newKeyWithGrants(everything)
    const asked = [CORS, elsewhere('data-lake'), elsewhere('media-site-prod'), CREATE]
    const answers = await Promise.all(asked.map((example) => v1.send(example, keyed(key))))
    expect(answers.map(({ status }) => status).filter((status) => status === 422)).toHaveLength(3)
    expect(await emulator.changes()).toHaveLength(1)
  })
})

test('the answer outlives the lane’s memory', async () => {
  const key = await newKeyWithGrants(everything)
  const first: Told = await toldBy(await v1.send(CREATE, keyed(key)))
  await abortAllDurableObjects()
  expect(await toldBy(await v1.send(CREATE, keyed(key)))).toEqual(first)
  expect(await emulator.changes()).toHaveLength(1)
})

test('a repetition adds nothing to the record', async () => {
  const key = await newKeyWithGrants(everything)
  const count = () => env.DB.prepare('SELECT count(*) AS n FROM audit').first('n')
  await v1.send(CORS, keyed(key))
  const before = await count()
  await v1.send(CORS, keyed(key))
  expect(await count()).toBe(before)
})
