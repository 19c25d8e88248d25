import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { call, emulator, everything, keyWithGrants } from './harness.ts'
import { consoleLines, expectNoLeak, watch } from './leak-watch.ts'
import { BUCKET, changes, type Example, examples, SIPPY_SECRETS } from './routes/examples.ts'
import { perform, send } from './routes/perform.ts'

/**
 * The account's token, the secrets of keys and the credentials of Sippy's are in no answer, in no line of the log
 * and in no record. `leak-watch.ts` holds every test of the suite to that; here are the sweep, and the proof that it looks.
 */

const token = env.CLOUDFLARE_API_TOKEN
/** Upstream answers with all that it shouldn't: the token, the account id and what the caller sent. */
const echo = { code: 12_345, message: `${token} ${env.CLOUDFLARE_ACCOUNT_ID}` }
const FAULTS = [
  { fault: { status: 400, ...echo } },
  { fault: { status: 401, ...echo } },
  { fault: { status: 403, ...echo } },
  { fault: { status: 429, retryAfter: 60, ...echo } },
  { fault: { status: 500, ...echo } },
  { fault: { status: 302, ...echo } },
  { fault: { kind: 'not-json', body: `<h1>${token}</h1>` } },
  { fault: { kind: 'broken-body' } },
  { fault: { kind: 'broken-connection' } },
  { fault: { status: 200, body: `{"success":true,"token":"${token}"}` } },
] as const

test.each(examples)('$name: a success shows no secret', async (example) => {
  const { response } = await perform(example, { key: await keyWithGrants(everything) })
  expect(response.status).toBe(example.status)
  await expectNoLeak()
})

test.each(examples)('$name: a denial shows no secret', async (example) => {
  const response = await send(example, { key: await keyWithGrants() })
  expect(response.status).toBe(403)
  expect(consoleLines()).not.toEqual([])
  await expectNoLeak()
})

/** Each on a bucket of its own: changes of one and the same wait for each other. */
const apart = (some: readonly Example[]) =>
  some.map((example, index) => ({ ...example, path: example.path.replace(BUCKET, `media-${index}`) }))

test.each(FAULTS)('no operation shows a secret when upstream answers $fault', async ({ fault }) => {
  const key = await keyWithGrants(everything)
  await emulator.faults({ ...fault, times: 1000 })
  const answers = await Promise.all(apart(examples).map((example) => send(example, { key })))
  expect(answers.filter(({ status }) => status < 400)).toEqual([])
  await expectNoLeak()
})

test.each(FAULTS)('no change shows a secret when upstream answers it with $fault', async ({ fault }) => {
  const key = await keyWithGrants(everything)
  for (const { name } of changes) await emulator.faults({ operation: name, ...fault })
  const answers = await Promise.all(apart(changes).map((example) => send(example, { key })))
  expect(answers.filter(({ status }) => status < 400)).toEqual([])
  expect(await emulator.changes()).toHaveLength(changes.length)
  await expectNoLeak()
})

test('the credentials of Sippy are not shown when they are refused', async () => {
  const key = await keyWithGrants(everything)
  const [secretAccessKey] = SIPPY_SECRETS
  const source = { provider: 'aws', bucket: 1, region: 'r', accessKeyId: 'a', secretAccessKey, extra: 1 }
  const body = { source, destination: { provider: secretAccessKey } }
  const response = await call(`/v1/buckets/${BUCKET}/sippy`, { key, method: 'PUT', body })
  expect(response.status).toBe(400)
  await expectNoLeak()
})

test('a body that is not JSON is not shown', async () => {
  const key = await keyWithGrants(everything)
  const body = `{"secretAccessKey":"${SIPPY_SECRETS[0]}"`
  const response = await call(`/v1/buckets/${BUCKET}/sippy`, { key, method: 'PUT', body })
  expect(response.status).toBe(400)
  await expectNoLeak()
})

test.each(['Bearer', 'bearer', 'Basic', 'Token'])(
  'a key sent as %s and refused is not shown',
  async (scheme) => {
    const key = `${await keyWithGrants(everything)}x`
    const response = await call('/v1/buckets', { headers: { authorization: `${scheme} ${key}` } })
    expect(response.status).toBe(401)
    await expectNoLeak()
  },
)

test("the account's token is no key", async () => {
  expect((await call('/v1/buckets', { key: token })).status).toBe(401)
  expect(await emulator.received()).toEqual([])
})

test('a key in the query is not shown when the query is refused', async () => {
  const key = await keyWithGrants(everything)
  expect((await call(`/v1/buckets?key=${key}`, { key })).status).toBe(400)
  await expectNoLeak()
})

test('the watch sees a secret in a body, in a header and in a line of the log', async () => {
  watch(new Response(token))
  await expect(expectNoLeak()).rejects.toThrow()
  watch(new Response(null, { headers: { 'x-odd': token } }))
  await expect(expectNoLeak()).rejects.toThrow()
  watch(Response.json({ account: env.CLOUDFLARE_ACCOUNT_ID }))
  await expect(expectNoLeak()).rejects.toThrow()

  console.debug(token)
  await expect(expectNoLeak()).rejects.toThrow()
})

test('the watch sees a secret in a record', async () => {
  const key = await keyWithGrants(everything)
  const rules = [{ id: token, allowed: { origins: ['https://a.example.com'], methods: ['GET'] } }]
  await call(`/v1/buckets/${BUCKET}/cors`, { key, method: 'PUT', body: { rules } })
  await expect(expectNoLeak()).rejects.toThrow()
})
