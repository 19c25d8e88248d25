import { describe, expect, test } from 'vitest'
import { A } from '../dialects/v4-examples.ts'
import { call, emulator, everything, keyWithGrants } from '../harness.ts'
import { type Example, reads } from '../routes/examples.ts'
import { prepare as prepareV1, send } from '../routes/perform.ts'
import { tagged } from './configurations.ts'
import { DIALECTS, exampleOf, inBoth, v1, v4 } from './dialects.ts'

/** Entity tags of what is configured: on every reading of it, the same for the same value. */

const CORS = exampleOf('buckets.cors.get')
/** They are of the account, and of no bucket's configuration. */
const OF_THE_ACCOUNT = ['buckets.list', 'buckets.metrics.list']

const prepare = (example: Example, key: string) => prepareV1(example, { key })
const etag = async (answer: Promise<Response>) => (await answer).headers.get('etag')

test('every reading of a bucket’s configuration has a tag', async () => {
  const key = await keyWithGrants(everything)
  for (const example of reads) {
    await prepare(example, key)
    const { headers } = await send(example, { key })
    expect([example.name, headers.has('etag')]).toEqual([
      example.name,
      !OF_THE_ACCOUNT.includes(example.name),
    ])
  }
})

test.each(tagged)('$name has one strong tag in both dialects', async (example) => {
  const key = await keyWithGrants(everything)
  await prepare(example, key)
  const tag = await etag(v1.send(example, { key }))
  expect(tag).toMatch(/^"[\x21\x23-\x7e]+"$/)
  expect(await etag(v4.send(example, { key }))).toBe(tag)
})

test.each(inBoth(tagged))(
  '$dialect $name: with a tag that is had already: 304',
  async ({ example, spoken }) => {
    const key = await keyWithGrants(everything)
    await prepare(example, key)
    const tag = (await etag(spoken.send(example, { key }))) ?? ''
    const response = await spoken.send(example, { key, headers: { 'if-none-match': tag } })
    expect([response.status, await response.text()]).toEqual([304, ''])
    expect(response.headers.get('etag')).toBe(tag)
  },
)

describe.each(DIALECTS)('$dialect: If-None-Match', ({ send: ask }) => {
  async function ready() {
    const key = await keyWithGrants(everything)
    await prepare(CORS, key)
    const tag = (await etag(ask(CORS, { key }))) ?? ''
    return {
      tag,
      statusFor: async (text: string) =>
        (await ask(CORS, { key, headers: { 'if-none-match': text } })).status,
    }
  }

  test('among others, weak or as *, is 304', async () => {
    const { tag, statusFor } = await ready()
    for (const text of [`"one", ${tag}`, `W/${tag}`, `"a,b",W/"c" ,, ${tag}`, '*'])
      expect(await statusFor(text)).toBe(304)
  })

  test('of something else is answered whole', async () => {
    const { tag, statusFor } = await ready()
    for (const text of ['"one"', tag.toLowerCase(), `"${tag.slice(2)}`])
      expect(await statusFor(text)).toBe(200)
  })

  test('that is malformed or oversized is refused by name', async () => {
    const key = await keyWithGrants(everything)
    await prepare(CORS, key)
    for (const text of ['one', '"one', '*, "one"', `"${'a'.repeat(4_000)}"`]) {
      const response = await ask(CORS, { key, headers: { 'if-none-match': text } })
      expect([response.status, (await response.text()).includes('if-none-match')]).toEqual([400, true])
    }
  })
})

describe('the tag', () => {
  const envelope = (result: string) => `{"success":true,"errors":[],"messages":[],"result":${result}}`
  const one =
    '{"rules":[{"id":"a","allowed":{"origins":["https://a.example.com"],"methods":["GET","HEAD"]}}]}'

  /** The tag of what Cloudflare answers in these letters. */
  async function tagOfText(key: string, body: string): Promise<string | null> {
    await emulator.faults({ operation: CORS.name, body })
    return etag(send(CORS, { key }))
  }

  test.each([
    [
      'members in another order',
      envelope(
        '{"rules":[{"allowed":{"methods":["GET","HEAD"],"origins":["https://a.example.com"]},"id":"a"}]}',
      ),
    ],
    ['more white space', envelope(one).replaceAll(',', ' ,\n')],
    ['other escapes', envelope(one.replaceAll('/', '\\/').replace('"a"', '"\\u0061"'))],
    ['something to say beside it', envelope(one).replace('"messages":[]', '"messages":["hello"]')],
  ])('is the same for the same value with %s', async (_, text) => {
    const key = await keyWithGrants(everything)
    expect(await tagOfText(key, text)).toBe(await tagOfText(key, envelope(one)))
  })

  test.each([
    ['a list in another order', one.replace('"GET","HEAD"', '"HEAD","GET"')],
    ['another letter', one.replace('"a"', '"A"')],
    ['a field that v1 does not show', one.replace('{"id"', '{"unknown":1,"id"')],
    ['an empty list', '{"rules":[]}'],
    ['another number', '{"rules":[],"version":1}'],
  ])('is another for %s', async (_, text) => {
    const key = await keyWithGrants(everything)
    expect(await tagOfText(key, envelope(text))).not.toBe(await tagOfText(key, envelope(one)))
  })

  test('changes with the value, and comes back with it', async () => {
    const key = await keyWithGrants(everything)
    await prepare(CORS, key)
    const first = await etag(send(CORS, { key }))
    const update = exampleOf('buckets.cors.update')
    await send({ ...update, body: { rules: [] } }, { key })
    expect(await etag(send(CORS, { key }))).not.toBe(first)
    await send(update, { key })
    expect(await etag(send(CORS, { key }))).toBe(first)
  })

  test('is of one jurisdiction: one name in two of them is two buckets', async () => {
    const key = await keyWithGrants(everything)
    const bucket = exampleOf('buckets.get')
    expect(await etag(send(bucket, { key }))).not.toBe(
      await etag(send(bucket, { key, query: '?jurisdiction=eu' })),
    )
  })

  test('stands on the answer to HEAD, too', async () => {
    const key = await keyWithGrants(everything)
    const { path } = exampleOf('buckets.get')
    const head = call(`/v1${path}`, { key, method: 'HEAD' })
    expect(await etag(head)).toBe(await etag(call(`/v1${path}`, { key })))
  })

  test('is never made weak on its way: nobody may compress the answer', async () => {
    const key = await keyWithGrants(everything)
    const { headers } = await send(exampleOf('buckets.get'), { key })
    expect(headers.get('cache-control')).toContain('no-transform')
  })
})

test('whoever may not read it learns nothing from a tag that matches', async () => {
  const tag = await etag(call(`${A}/r2/buckets/media-assets`, { key: await keyWithGrants(everything) }))
  const key = await keyWithGrants()
  const response = await send(exampleOf('buckets.get'), { key, headers: { 'if-none-match': tag ?? '' } })
  expect(response.status).toBe(403)
})

test('what is not there is not there, whatever tags are had', async () => {
  const key = await keyWithGrants(everything)
  expect((await send(CORS, { key, headers: { 'if-none-match': '*' } })).status).toBe(404)
})
