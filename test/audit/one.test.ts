import { beforeEach, describe, expect, test } from 'vitest'
import { call, emulator, problemOf } from '../harness.ts'
import { clear, keyOf, list, one, put, read } from './records.ts'

/** One record, with what was sent and what was there. */

beforeEach(clear)

const CORS = '{"rules":[{"allowed":{"methods":["GET"],"origins":["https://a.example.com"]}}]}'
const digest = (letter: string) => letter.repeat(64)

test('a record shows what the list shows of it, and its values', async () => {
  const key = await keyOf('media')
  const { id } = await put(
    { bodyDigest: digest('b'), beforeDigest: digest('c'), afterDigest: digest('d') },
    { body: CORS, before: '{"rules":[]}', after: CORS },
  )
  const [entry] = (await list(key)).records
  expect(await read(key, id)).toEqual({
    ...entry,
    body: JSON.parse(CORS),
    before: { rules: [] },
    after: JSON.parse(CORS),
    digests: { body: digest('b'), before: digest('c'), after: digest('d') },
  })
})

test('values that are not there are null, and so are their digests', async () => {
  const { id } = await put()
  expect(await read(await keyOf('media'), id)).toMatchObject({
    body: null,
    before: null,
    after: null,
    digests: { body: null, before: null, after: null },
  })
})

test('a value that is null is known by its digest', async () => {
  const { id } = await put({ beforeDigest: digest('c') }, { before: 'null' })
  expect(await read(await keyOf('media'), id)).toMatchObject({
    before: null,
    digests: { before: digest('c'), after: null },
  })
})

test.each(['text', '7', 'false', '[]', '{"__proto__":{"a":1}}'].map((json) => [json]))(
  'a value is shown as the JSON that it is: %s',
  async (json) => {
    const value = json === 'text' ? '"text"' : json
    const { id } = await put({ beforeDigest: digest('c') }, { before: value })
    const text = await (await one(await keyOf('media'), id)).text()
    expect(text).toContain(`"before":${value}`)
  },
)

test('a value that somebody has made unreadable is shown as the text that it is', async () => {
  const { id } = await put({ beforeDigest: digest('c') }, { before: '{' })
  expect(await read(await keyOf('media'), id)).toMatchObject({ before: '{' })
})

test('the values of one record are not those of another', async () => {
  await put({ bodyDigest: digest('b') }, { body: CORS })
  const { id } = await put()
  expect(await read(await keyOf('media'), id)).toMatchObject({ body: null })
})

describe('an id that is no UUID is refused before anybody is asked', () => {
  test.each([
    'x',
    '1',
    'null',
    '..x',
    'd41d8cd98f00b204e9800998ecf8427e',
    '5A2F0B63-3D0E-4C39-9F0C-0D3A51F0A4EE',
    '5a2f0b63-3d0e-4c39-9f0c-0d3a51f0a4e',
    '5a2f0b63-3d0e-4c39-9f0c-0d3a51f0a4eea',
    '5a2f0b63_3d0e_4c39_9f0c_0d3a51f0a4ee',
  ])('%s', async (id) => {
    const problem = {
      status: 400,
      code: 'invalid_path',
      detail: expect.stringContaining('The id in the path'),
    }
    expect(await problemOf(one(await keyOf('platform'), id))).toMatchObject(problem)
    expect(await problemOf(call(`/v1/audit/${id}`))).toMatchObject(problem)
  })
})

test('an id asks for a key', async () => {
  expect((await call(`/v1/audit/${crypto.randomUUID()}`)).status).toBe(401)
})

test('nothing stands behind an id', async () => {
  const { id } = await put()
  expect((await one(await keyOf('media'), `${id}/`)).status).toBe(404)
})

test('reading sends nothing upstream', async () => {
  const { id } = await put()
  await read(await keyOf('media'), id)
  expect(await emulator.received()).toEqual([])
})

test('what was read is kept by no cache', async () => {
  const { id } = await put()
  expect((await one(await keyOf('media'), id)).headers.get('cache-control')).toBe('no-store')
})
