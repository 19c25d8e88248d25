import { describe, expect, test } from 'vitest'
import { call, emulator, everything, keyWithGrants, problemOf } from '../harness.ts'
import { changes, type Example } from '../routes/examples.ts'
import { configurationOf, putThere, tagOf } from './configurations.ts'
import { DIALECTS, exampleOf, inBoth, type Spoken, v1, v4 } from './dialects.ts'

/** `If-Match` and `If-None-Match` on changes: what is there is only changed while it is what the caller thinks. */

const CORS = exampleOf('buckets.cors.update')
const CREATE = exampleOf('buckets.create')
/** Cloudflare refuses to make these twice, so there is nothing they could be conditional on but absence. */
const MAKING = ['buckets.create', 'buckets.domains.custom.create', 'buckets.eventNotifications.update']
const changing = changes.filter(({ name }) => !MAKING.includes(name))
const making = changes.filter(({ name }) => MAKING.includes(name))

/** Sends an example under preconditions; gives the answer, and how many changes went up for it. */
async function attempt(
  { send }: Spoken,
  example: Example,
  { key, ...headers }: { key: string; 'if-match'?: string; 'if-none-match'?: string },
) {
  const before = (await emulator.changes()).length
  const response = await send(example, { key, headers })
  return { response, sent: (await emulator.changes()).length - before }
}

async function expectRefused(spoken: Spoken, { response, sent }: Awaited<ReturnType<typeof attempt>>) {
  const { status, headers } = response
  const refusal = { status, code: await spoken.codeOf(response), retry: headers.get('x-should-retry'), sent }
  const expected = { v1: { code: 'precondition_failed', retry: null }, v4: { code: 10031, retry: 'false' } }
  expect(refusal).toEqual({ status: 412, sent: 0, ...expected[spoken.dialect] })
}

describe('If-Match', () => {
  test.each(inBoth(changing))(
    '$dialect $name: of what is there, the change is made',
    async ({ example, spoken }) => {
      const key = await keyWithGrants(everything)
      const tag = await putThere(example, key)
      const { response, sent } = await attempt(spoken, example, { key, 'if-match': tag })
      expect([response.ok, sent]).toEqual([true, 1])
    },
  )

  test.each(inBoth(changes))('$dialect $name: of something else, it is not', async ({ example, spoken }) => {
    const key = await keyWithGrants(everything)
    await putThere(example, key)
    await expectRefused(spoken, await attempt(spoken, example, { key, 'if-match': '"stale"' }))
  })

  test.each(inBoth([CORS]))('$dialect $name: of what is there among others, it is made', async (row) => {
    const key = await keyWithGrants(everything)
    const tag = await putThere(row.example, key)
    const { sent } = await attempt(row.spoken, row.example, { key, 'if-match': `"a,b", ${tag},,"other"` })
    expect(sent).toBe(1)
  })

  test.each(changing)('$name: of anything, it is made', async (example) => {
    const key = await keyWithGrants(everything)
    await putThere(example, key)
    expect((await attempt(v1, example, { key, 'if-match': '*' })).sent).toBe(1)
  })

  test.each(inBoth([CORS, ...making]))('$dialect $name: of anything, where there is nothing', async (row) => {
    const key = await keyWithGrants(everything)
    await expectRefused(row.spoken, await attempt(row.spoken, row.example, { key, 'if-match': '*' }))
  })
})

describe('If-None-Match', () => {
  test.each(inBoth([CORS, ...making]))('$dialect $name: *, where there is nothing, is made', async (row) => {
    const key = await keyWithGrants(everything)
    const { response, sent } = await attempt(row.spoken, row.example, { key, 'if-none-match': '*' })
    expect([response.ok, sent]).toEqual([true, 1])
  })

  test.each(changes)('$name: *, where there is something, is not', async (example) => {
    const key = await keyWithGrants(everything)
    await putThere(example, key)
    await expectRefused(v1, await attempt(v1, example, { key, 'if-none-match': '*' }))
  })

  test.each(inBoth([CORS]))('$dialect $name: of what is there, is not', async ({ example, spoken }) => {
    const key = await keyWithGrants(everything)
    const tag = await putThere(example, key)
    await expectRefused(spoken, await attempt(spoken, example, { key, 'if-none-match': `"one", ${tag}` }))
  })

  test('of something else is made', async () => {
    const key = await keyWithGrants(everything)
    await putThere(CORS, key)
    expect((await attempt(v1, CORS, { key, 'if-none-match': '"one"' })).sent).toBe(1)
  })
})

test('both must hold', async () => {
  const key = await keyWithGrants(everything)
  const tag = await putThere(CORS, key)
  await expectRefused(v1, await attempt(v1, CORS, { key, 'if-match': tag, 'if-none-match': tag }))
  await expectRefused(v1, await attempt(v1, CORS, { key, 'if-match': '"x"', 'if-none-match': '"x"' }))
  expect((await attempt(v1, CORS, { key, 'if-match': tag, 'if-none-match': '"x"' })).sent).toBe(1)
})

describe('the answer to a change', () => {
  const leaving = changes.filter(({ method }) => method !== 'DELETE')

  test.each(inBoth(leaving))(
    '$dialect $name has the tag that a GET has then',
    async ({ example, spoken }) => {
      const key = await keyWithGrants(everything)
      if (!MAKING.includes(example.name)) await putThere(example, key)
      const { headers } = await spoken.send(example, { key })
      expect(headers.get('etag')).toMatch(/^"[^"]+"$/)
      expect(headers.get('etag')).toBe(await tagOf(configurationOf(example), key))
    },
  )

  test.each(changes.filter(({ method }) => method === 'DELETE'))(
    '$name has none: nothing is left',
    async (example) => {
      const key = await keyWithGrants(everything)
      await putThere(example, key)
      expect((await v1.send(example, { key })).headers.get('etag')).toBeNull()
    },
  )

  test('lets the next change follow on it', async () => {
    const key = await keyWithGrants(everything)
    const first = await v1.send(CORS, { key })
    const next = { ...CORS, body: { rules: [] } }
    const tag = first.headers.get('etag') ?? ''
    expect((await attempt(v4, next, { key, 'if-match': tag })).sent).toBe(1)
    await expectRefused(v4, await attempt(v4, next, { key, 'if-match': tag }))
  })
})

describe.each(DIALECTS)('$dialect: a header that is no list of strong tags is refused by name', (spoken) => {
  const malformed = [
    ['weak', 'W/"a"'],
    ['weak among others', '"a", W/"b"'],
    ['without quotes', 'a'],
    ['half quoted', '"a'],
    ['a comma', ','],
    ['a space within', '"a b"'],
    ['* among others', '*, "a"'],
    ['two without a comma', '"a" "b"'],
    ['weak in lower case', 'w/"a"'],
    ['beyond ASCII', '"é"'],
    ['oversized', `"${'a'.repeat(4_000)}"`],
    ['a list of a thousand', '"a",'.repeat(1_000)],
  ] as const

  test.each(malformed)('%s', async (_, text) => {
    const key = await keyWithGrants(everything)
    for (const name of ['if-match', 'if-none-match']) {
      const { response, sent } = await attempt(spoken, CORS, { key, [name]: text })
      expect([response.status, sent]).toEqual([400, 0])
      expect(await response.text()).toContain(name)
    }
  })
})

test.each(changes)('$name refuses a weak tag, and says where', async (example) => {
  const key = await keyWithGrants(everything)
  const response = await v1.send(example, { key, headers: { 'if-match': 'W/"a"' } })
  expect(await problemOf(response)).toMatchObject({
    status: 400,
    code: 'invalid_request',
    errors: [{ in: 'header', pointer: '/if-match' }],
  })
  expect(await emulator.received()).toEqual([])
})

describe('the tag of another', () => {
  test('bucket with the same value is the same tag: it stands for the value', async () => {
    const key = await keyWithGrants(everything)
    const tag = await putThere(CORS, key)
    const other = `/v1${CORS.path.replace('media-assets', 'data-lake')}`
    await call(other, { key, method: 'PUT', body: CORS.body })
    expect(await tagOf({ v1: other, v4: '' }, key)).toBe(tag)
  })

  test('jurisdiction is not one of this', async () => {
    const key = await keyWithGrants(everything)
    const here = exampleOf('buckets.edit')
    const tag = await tagOf({ v1: `/v1${here.path}?jurisdiction=eu`, v4: '' }, key)
    await expectRefused(v1, await attempt(v1, here, { key, 'if-match': tag ?? '' }))
  })
})

test('a change of a bucket that is not there does not match anything', async () => {
  const key = await keyWithGrants(everything)
  const nowhere = { ...CORS, path: CORS.path.replace('media-assets', 'no-such-bucket') }
  await expectRefused(v1, await attempt(v1, nowhere, { key, 'if-match': '*' }))
})

test('a bucket that exists is not created for If-None-Match: *', async () => {
  const key = await keyWithGrants(everything)
  const taken = { ...CREATE, body: { name: 'media-assets' } }
  await expectRefused(v1, await attempt(v1, taken, { key, 'if-none-match': '*' }))
})

test('a dry run says that the precondition fails', async () => {
  const key = await keyWithGrants(everything)
  const dry = { ...CORS, path: `${CORS.path}?dryRun=true` }
  await expectRefused(v1, await attempt(v1, dry, { key, 'if-match': '"stale"' }))
})

test('a change whose precondition cannot be judged is not made', async () => {
  const key = await keyWithGrants(everything)
  await emulator.faults({ operation: 'buckets.cors.get', status: 403 })
  const { response, sent } = await attempt(v1, CORS, { key, 'if-none-match': '*' })
  expect([response.status, sent]).toEqual([502, 0])
})

test('whoever may not make the change is told that, and nothing of what is there', async () => {
  const key = await keyWithGrants({ role: 'viewer', buckets: ['*'] })
  const { response } = await attempt(v1, CORS, { key, 'if-match': '"stale"' })
  expect(response.status).toBe(403)
})
