import { describe, expect, test } from 'vitest'
import { judge, pointersOf } from './judge.ts'

const aws = { provider: 'aws', bucket: 'old-assets', region: 'us-east-1' }
const gcs = { provider: 'gcs', bucket: 'old-assets' }
const azure = { provider: 'azure', accountName: 'media', container: 'assets' }
const s3 = (bucketUrl: unknown) => ({ provider: 's3', bucketUrl })

const judged = (options: unknown, source: unknown) =>
  judge('sippy', options, { body: { source, destination: { provider: 'r2' } } })
const from = (source: object, ...sourceBuckets: string[]) => judged({ sourceBuckets }, source)

describe('the provider', () => {
  test.each([aws, gcs, azure, s3('https://s3.example.com/media')])(
    '$provider passes when it is named',
    (source) => {
      expect(judged({ providers: ['aws', 'gcs', 's3', 'azure'] }, source)).toEqual([])
    },
  )

  test('that is not named is refused, and told with what may stand', () => {
    expect(judged({ providers: ['aws'] }, gcs)).toEqual([
      {
        pointer: '/source/provider',
        message: 'provider gcs is not allowed',
        value: 'gcs',
        allowed: ['aws'],
      },
    ])
  })

  test.each(['AWS', 'aws ', '', 'r2', '*'])('is not taken for %j', (provider) => {
    expect(pointersOf(judged({ providers: ['aws'] }, { ...aws, provider }))).toEqual(['/source/provider'])
  })

  test.each([null, 1, ['aws'], {}, undefined])('of %j cannot be read, and is refused', (provider) => {
    expect(pointersOf(judged({ providers: ['aws'] }, { ...aws, provider }))).toEqual(['/source/provider'])
  })

  test('is refused by an empty list', () => {
    expect(judged({ providers: [] }, aws)).toHaveLength(1)
  })

  test.each(['r2', 'S3', 'minio', ''])(
    '%j, which is not known, is refused even where only source buckets are named',
    (provider) => {
      const source = { ...s3('https://evil.org/x'), bucket: 'old-assets', provider }
      expect(pointersOf(from(source, 'old-assets'))).toEqual(['/source/provider'])
    },
  )
})

describe('a source bucket', () => {
  test.each<[string, object, string]>([
    ['of aws', aws, 'old-assets'],
    ['of aws by a glob', aws, 'old-*'],
    ['of gcs', gcs, 'old-assets'],
    ['of azure by account and container', azure, 'media/assets'],
    ['of azure by any container of an account', azure, 'media/*'],
    ['of s3 by its URL', s3('https://s3.example.com/media'), 'https://s3.example.com/media'],
    ['of s3 by a glob', s3('https://s3.example.com/media-1'), 'https://s3.example.com/media-*'],
    [
      'of s3 with a port of its own',
      s3('http://s3.example.com:9000/media'),
      'http://s3.example.com:9000/media',
    ],
    ['of s3 as a host of its own', s3('https://media.s3.example.com'), 'https://media.s3.example.com/*'],
  ])('%s passes', (_, source, pattern) => {
    expect(from(source, 'other', pattern)).toEqual([])
  })

  test.each<[string, object, string, string | null]>([
    ['of another name', aws, 'new-*', 'old-assets'],
    ['whose name only begins alike', { ...aws, bucket: 'old-assets-2' }, 'old-assets', 'old-assets-2'],
    ['in upper case', { ...aws, bucket: 'OLD-assets' }, 'old-*', 'OLD-assets'],
    ['of another account', { ...azure, accountName: 'evil' }, 'media/*', 'evil/assets'],
    [
      'of an account that only ends alike',
      { ...azure, accountName: 'evilmedia' },
      'media/*',
      'evilmedia/assets',
    ],
    ['at another host', s3('https://evil.org/media'), 'https://s3.example.com/*', 'https://evil.org/media'],
    [
      'at a host that only begins alike',
      s3('https://s3.example.com.evil.org/media'),
      'https://s3.example.com/*',
      'https://s3.example.com.evil.org/media',
    ],
    [
      'with another scheme',
      s3('http://s3.example.com/media'),
      'https://s3.example.com/*',
      'http://s3.example.com/media',
    ],
    [
      'at another port',
      s3('https://s3.example.com:9000/media'),
      'https://s3.example.com/*',
      'https://s3.example.com:9000/media',
    ],
    [
      'with another path',
      s3('https://s3.example.com/secret'),
      'https://s3.example.com/media*',
      'https://s3.example.com/secret',
    ],
    ['without an account', { ...azure, accountName: undefined }, '*', null],
    ['without a container', { ...azure, container: '' }, '*', null],
    ['without a name', { ...aws, bucket: undefined }, '*', null],
    ['with a name of null', { ...aws, bucket: null }, '*', null],
    ['without a URL', s3(undefined), '*', null],
    ['whose URL is none', s3('s3.example.com/media'), '*', null],
  ])('%s is refused', (_, source, pattern, value) => {
    expect(from(source, pattern)).toEqual([
      {
        pointer: '/source',
        message: `source ${value ?? 'without a name'} is not allowed`,
        value,
        allowed: [pattern],
      },
    ])
  })

  test.each([
    'https://s3.example.com@evil.org/media',
    'https://s3.example.com:x@evil.org/media',
    'https://key:secret@s3.example.com/media',
    'https://s3.example.com/media?x=/media',
    'https://s3.example.com/media#/media',
    'https://evil.org/https://s3.example.com/media',
    'https://evil.org/?https://s3.example.com/media',
  ])('at %s is refused', (url) => {
    expect(pointersOf(from(s3(url), 'https://s3.example.com/media'))).toEqual(['/source'])
  })

  /** What goes up is the text as it was written: two readers must not see two buckets in it. */
  test.each([
    'https://s3.example.com\\@evil.org/media',
    'https:\\\\s3.example.com\\media',
    'https:/s3.example.com/media',
    'https://s3.example.com/secret/../media',
    'https://s3.example.com/secret/%2e%2E/media',
    'https://s3.example.com/./media',
    'https://s3.exam\tple.com/media',
    'https://s3.example.com/me\ndia',
    ' https://s3.example.com/media ',
    'https://s3。example。com/media',
  ])('written %j, which other readers may take for another, is refused', (url) => {
    expect(pointersOf(from(s3(url), 'https://s3.example.com/*'))).toEqual(['/source'])
  })

  test.each<[string, object]>([
    ['container of azure', { ...azure, accountName: 'evil', container: 'x-assets' }],
    ['URL of an s3', s3('https://evil.org/x-assets')],
    ['name that holds a slash', { ...aws, bucket: 'evil/x-assets' }],
  ])('glob of plain names does not reach into the %s', (_, source) => {
    expect(pointersOf(from(source, '*-assets'))).toEqual(['/source'])
  })

  test('glob of one account does not reach into what hides in the account name', () => {
    const source = { ...azure, accountName: 'media/evil' }
    expect(pointersOf(from(source, 'media/*'))).toEqual(['/source'])
  })

  test('is refused by an empty list', () => {
    expect(judged({ sourceBuckets: [] }, aws)).toHaveLength(1)
  })
})

test('a wrong provider and a wrong source are told at once', () => {
  const options = { providers: ['aws'], sourceBuckets: ['new-*'] }
  expect(pointersOf(judged(options, gcs))).toEqual(['/source/provider', '/source'])
})

test.each(['https://key:secret@s3.example.com/media', 'https://s3.example.com/media?sig=secret'])(
  'the credentials in %s are not told',
  (url) => {
    expect(JSON.stringify(from(s3(url), 'other'))).not.toContain('secret')
  },
)

test.each<[string, unknown, string]>([
  ['a source that is missing', undefined, '/source'],
  ['a source that is null', null, '/source'],
  ['a source as a list', [aws], '/source'],
  ['a source as a text', 'old-assets', '/source'],
  ['a bucket as a list', { ...aws, bucket: ['old-assets'] }, '/source/bucket'],
  ['a bucket as a number', { ...aws, bucket: 1 }, '/source/bucket'],
  ['a URL as an object', s3({ href: 'https://s3.example.com/media' }), '/source/bucketUrl'],
  ['a source in __proto__', JSON.parse('{"__proto__": {"provider": "aws"}}'), '/source/provider'],
])('%s cannot be read, and is refused by place', (_, source, pointer) => {
  expect(pointersOf(judged({ sourceBuckets: ['*'] }, source))).toEqual([pointer])
})

/** Neither the case of a host nor a scheme's usual port names another bucket; what goes up is as it was written. */
test.each<[string, string]>([
  ['https://S3.Example.com/media', 'https://s3.example.com/media'],
  ['HTTPS://s3.example.com/media', 'https://s3.example.com/media'],
  ['https://s3.example.com:443/media', 'https://s3.example.com/media'],
  ['http://s3.example.com:80/media', 'http://s3.example.com/media'],
  ['https://s3.example.com/media', 'https://S3.example.com:443/media'],
  ['https://S3.EXAMPLE.com:443', 'https://s3.example.com/*'],
])('%s is a source under %s', (url, pattern) => {
  expect(from(s3(url), pattern)).toEqual([])
})

test.each<[string, string]>([
  ['https://s3.example.com/Media', 'https://s3.example.com/media'],
  ['https://s3.example.com:80/media', 'https://s3.example.com/media'],
  ['http://s3.example.com:443/media', 'http://s3.example.com/media'],
  ['https://s3.example.com:0443/media', 'https://s3.example.com/media'],
])('%s is no source under %s', (url, pattern) => {
  expect(pointersOf(from(s3(url), pattern))).toEqual(['/source'])
})
