import { describe, expect, test } from 'vitest'
import { ACCOUNT, api, bucket, emulator, inEu, refusal, refused, send } from './api.ts'
import { fullPath } from './operations.ts'

const path = bucket('media-assets', '/sippy')
const destination = { provider: 'r2', accessKeyId: 'r2-id', secretAccessKey: 'S3CRET-destination' }
const keys = { accessKeyId: 'source-id', secretAccessKey: 'S3CRET-source' }
const aws = { provider: 'aws', bucket: 'src', region: 'us-east-1', ...keys }
const azure = { provider: 'azure', container: 'c', accountName: 'S3CRET-account' }

const sources = [
  { source: aws, place: { provider: 'aws', bucket: 'src', region: 'us-east-1' } },
  {
    source: { provider: 'gcs', bucket: 'src', clientEmail: 'S3CRET@x.iam', privateKey: 'S3CRET-key' },
    place: { provider: 'gcs', bucket: 'src' },
  },
  {
    source: { provider: 's3', bucketUrl: 'https://s3.example.com/src', ...keys },
    place: { provider: 's3', bucketUrl: 'https://s3.example.com/src' },
  },
  { source: { ...azure, accountKey: 'S3CRET-key' }, place: { provider: 'azure', container: 'c' } },
  { source: { ...azure, sasToken: 'S3CRET-token' }, place: { provider: 'azure', container: 'c' } },
]

describe('sippy', () => {
  test('is off at first', async () => {
    expect((await api('GET', path)).result).toEqual({ enabled: false })
  })

  test.each(sources)('from $source.provider answers both ends', async ({ source, place }) => {
    const { result } = await api('PUT', path, { body: { source, destination } })
    expect(result).toEqual({
      enabled: true,
      source: place,
      destination: { provider: 'r2', account: ACCOUNT, bucket: 'media-assets', accessKeyId: 'r2-id' },
    })
    expect((await api('GET', path)).result).toEqual(result)
  })

  test.each(sources)('from $source.provider gives no secret away', async ({ source }) => {
    const answers = [
      await send('PUT', fullPath(path), { body: { source, destination } }),
      await send('GET', fullPath(path)),
      await send('DELETE', fullPath(path)),
    ]
    expect(await Promise.all(answers.map((answer) => answer.text()))).not.toContainEqual(
      expect.stringMatching(/S3CRET|source-id/),
    )
  })

  test('is off again when deleted, as often as one likes', async () => {
    await api('PUT', path, { body: { source: aws, destination } })
    for (const method of ['DELETE', 'GET', 'DELETE'])
      expect((await api(method, path)).result).toEqual({ enabled: false })
  })

  test('belongs to one jurisdiction', async () => {
    await api('PUT', path, { body: { source: aws, destination }, headers: inEu })
    expect((await api('GET', path)).result).toEqual({ enabled: false })
  })

  test.each([
    ['an unknown provider', { source: { ...aws, provider: 'ftp' }, destination }],
    ['a source without its secret', { source: { ...aws, secretAccessKey: undefined }, destination }],
    ['no destination', { source: aws }],
    ['two keys of azure', { source: { ...azure, accountKey: 'k', sasToken: 't' }, destination }],
    ['no key of azure', { source: azure, destination }],
  ])('refuses %s', async (_, body) => {
    expect(await refusal('PUT', path, { body })).toEqual(refused(400, 10040))
  })
})

describe('metrics', () => {
  const none = { objects: 0, payloadSize: 0, metadataSize: 0 }

  test('of empty buckets are zero throughout', async () => {
    expect((await api('GET', '/r2/metrics')).result).toEqual({
      standard: { published: none, uploaded: none },
      infrequentAccess: { published: none, uploaded: none },
    })
  })

  test('add up the objects by storage class, over all jurisdictions', async () => {
    await emulator('POST', 'seed', {
      buckets: [
        { name: 'one', objects: 2 },
        { name: 'two', objects: 3, jurisdiction: 'eu' },
        { name: 'cold', objects: 7, storageClass: 'InfrequentAccess' },
      ],
    })
    expect((await api('GET', '/r2/metrics')).result).toMatchObject({
      standard: { published: { objects: 5 } },
      infrequentAccess: { published: { objects: 7 } },
    })
  })
})
