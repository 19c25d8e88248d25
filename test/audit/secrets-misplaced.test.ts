import { expect, test } from 'vitest'
import { A } from '../dialects/v4-examples.ts'
import { call, everything, keyWithGrants } from '../harness.ts'
import { keepSecret } from '../leak-watch.ts'
import { BUCKET, QUEUE } from '../routes/examples.ts'
import { guardedKey } from '../routes/guardrails-cases.ts'
import { tracesOf } from './traces.ts'
import { writtenBy } from './written.ts'

/** On v4 a body has whatever its sender put into it: a credential in the wrong place is one all the same. */

const SECRET = 'misplaced-secret-that-must-leave-no-trace'
keepSecret(SECRET)
const NUMBER = 7351946028173
keepSecret(String(NUMBER))

const destination = { provider: 'r2', accessKeyId: 'AK', secretAccessKey: 'SK' }
const aws = { provider: 'aws', bucket: 'old', region: 'us-east-1', accessKeyId: 'AK', secretAccessKey: 'SK' }
const from = (source: unknown) => ({ source, destination })
const s3 = (bucketUrl: unknown) =>
  from({ provider: 's3', bucketUrl, accessKeyId: 'AK', secretAccessKey: 'SK' })

const bodies: readonly (readonly [string, unknown])[] = [
  ['the source itself', from(SECRET)],
  ['the source, in a list', from([SECRET])],
  ['the destination itself', { source: aws, destination: SECRET }],
  ['a field beside source and destination', { ...from(aws), secretAccessKey: SECRET }],
  ['an object beside them', { ...from(aws), credentials: { deep: { deeper: [SECRET] } } }],
  ['a field of the source that is not known', from({ ...aws, sessionToken: SECRET })],
  ['a field spelled otherwise', from({ ...aws, secret_access_key: SECRET })],
  ['a nested object of the source', from({ ...aws, credentials: { key: SECRET } })],
  ['a list in the source', from({ ...aws, keys: ['AK', SECRET] })],
  ['a list in place of the bucket', from({ ...aws, bucket: [SECRET] })],
  ['an object in place of the region', from({ ...aws, region: { name: SECRET } })],
  ['the bucket, with a colon', from({ ...aws, bucket: `AK:${SECRET}` })],
  ['the provider', from({ ...aws, provider: SECRET })],
  ['the provider of the destination', { source: aws, destination: { ...destination, provider: SECRET } }],
  ['the truth', { ...from(aws), enabled: SECRET }],
  ['the user info of the URL', s3(`https://AK:${SECRET}@s3.example.com/old`)],
  ['the user of the URL', s3(`https://${SECRET}@s3.example.com/old`)],
  ['the query of the URL', s3(`https://s3.example.com/old?sig=${SECRET}`)],
  ['the fragment of the URL', s3(`https://s3.example.com/old#${SECRET}`)],
  ['the user info of a URL of another scheme', s3(`s3://AK:${SECRET}@old`)],
  ['what only looks like a URL', s3(`AK:${SECRET}`)],
  ['a URL without slashes', s3(`data:,${SECRET}`)],
  ['a URL in a list', s3([`https://AK:${SECRET}@s3.example.com/old`])],
  ['the name of a field', from({ ...aws, [SECRET]: 'value' })],
  ['the name of a field at the top', { ...from(aws), [SECRET]: {} }],
  ['a number', from({ ...aws, secretAccessKey: NUMBER })],
  ['an unknown number', from({ ...aws, pin: NUMBER })],
]

const sippyPath = `${A}/r2/buckets/${BUCKET}/sippy`

const secrets = [SECRET, String(NUMBER)]
const sippy = { providers: ['gcs'], sourceBuckets: ['none', 'https://none.example.com/none'] }

/** Who may do it, who may not, and who may but for a guardrail. */
const callers: readonly (() => Promise<string>)[] = [
  () => keyWithGrants(everything),
  () => keyWithGrants(),
  ...['enforce', 'warn', 'shadow'].map((mode) => () => guardedKey({ name: 'ours', mode, sippy })),
]

test.each(bodies)('a credential in %s leaves no trace, whatever policy says of it', async (_, body) => {
  for (const caller of callers) {
    const key = await caller()
    const { result: response, records } = await writtenBy(() => call(sippyPath, { key, method: 'PUT', body }))
    const isMistaken = response.status === 400 && records.length === 0 // no guardrail could read it
    expect(isMistaken || records.length === 1).toBe(true)
    const told = [await response.text(), ...response.headers.values()].join('\n')
    expect(secrets.filter((secret) => told.includes(secret))).toEqual([])
  }
  expect(await tracesOf(secrets)).toEqual([])
})

const named = (place: string) => place.startsWith('the name of a field') // v1 says which field it doesn't know

test.each(bodies.filter(([place]) => !named(place)))(
  'a credential in %s is not shown when it is explained',
  async (_, body) => {
    const key = await guardedKey({ name: 'ours', sippy })
    const asked = { operation: 'buckets.sippy.update', bucket: BUCKET, body }
    const told = await (await call('/v1/explain', { key, method: 'POST', body: asked })).text()
    expect(secrets.filter((secret) => told.includes(secret))).toEqual([])
  },
)

test.each([
  ['PUT', `/r2/buckets/${BUCKET}/lifecycle`],
  ['PUT', `/r2/buckets/${BUCKET}/cors`],
  ['PUT', `/r2/buckets/${BUCKET}/lock`],
  ['PUT', `/r2/buckets/${BUCKET}/domains/managed`],
  ['PUT', `/event_notifications/r2/${BUCKET}/configuration/queues/${QUEUE}`],
  ['POST', '/r2/buckets'],
])('a body of Sippy’s that is sent to %s %s leaves no trace of its credentials', async (method, path) => {
  const azure = { provider: 'azure', accountKey: SECRET, sasToken: SECRET, container: 'c' }
  const lists = { sources: [{ accessKeyId: SECRET, privateKey: SECRET }], password: { is: SECRET } }
  const body = { name: 'media-new', rules: [], ...from({ ...aws, secretAccessKey: SECRET }), azure, ...lists }
  for (const grants of [[everything], []]) {
    const key = await keyWithGrants(...grants)
    const { records } = await writtenBy(() => call(A + path, { key, method, body }))
    expect(records).toHaveLength(1)
  }
  expect(await tracesOf([SECRET])).toEqual([])
})
