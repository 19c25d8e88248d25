import * as z from 'zod'
import { matches } from '../match.ts'
import { SIPPY_PROVIDERS } from '../names.ts'
import { among, compareOptions, globs } from './compare.ts'
import { kind, optional, reading, type Violation } from './guardrail.ts'
import { type Sample, unique } from './samples.ts'

const UPDATE = 'buckets.sippy.update'

const asked = z.looseObject({
  source: z.looseObject({
    provider: z.enum(SIPPY_PROVIDERS),
    bucket: optional(z.string()),
    bucketUrl: optional(z.string()),
    accountName: optional(z.string()),
    container: optional(z.string()),
  }),
})
const EXPECTED =
  '{"source": {"provider": "aws", "bucket": "…", …}, "destination": {"provider": "r2", …}}, with provider one of ' +
  SIPPY_PROVIDERS.join(', ')
type Source = z.output<typeof asked>['source']

/**
 * A source as its provider names it, in parts that patterns are compared with one by one: the bucket of AWS and
 * GCS, account and container of Azure, origin and path of another S3-compatible one.
 */
interface Name {
  readonly text: string
  readonly form: 'bucket' | 'container' | 'url'
  readonly parts: readonly string[]
}

const sourcePattern = z.string().refine((text) => parseName(text) !== null, {
  error: 'a bucket name, account/container or bucket URL; `*` stands for any run of characters',
})

/** From where objects may be copied in. */
export const sippy = kind({
  options: z
    .strictObject({
      providers: z.array(z.enum(SIPPY_PROVIDERS)).exactOptional(),
      sourceBuckets: z.array(sourcePattern).exactOptional(),
    })
    .refine((options) => Object.keys(options).length > 0, 'says nothing: name providers or sourceBuckets'),
  ways: { providers: [UPDATE], sourceBuckets: [UPDATE] },
  open: {
    what: 'sources',
    options: 'sippy.sourceBuckets',
    operations: [UPDATE],
    isNamed: ({ sourceBuckets }) => sourceBuckets !== undefined,
  },
  check: ({ providers, sourceBuckets }, { body }) =>
    readingUnseen(body, ({ source }) => {
      const { provider } = source
      const name = nameOf(source)
      const isNamed = name !== null && sourceBuckets?.some((pattern) => isUnder(parseName(pattern), name))
      return [
        ...(providers && !providers.includes(provider)
          ? [violation('/source/provider', `provider ${provider} is not allowed`, provider, providers)]
          : []),
        ...(sourceBuckets && !isNamed
          ? [
              violation(
                '/source',
                `source ${name?.text ?? 'without a name'} is not allowed`,
                name?.text ?? null,
                sourceBuckets,
              ),
            ]
          : []),
      ]
    }),
  compare: (strict, loose) => compareOptions(strict, loose, { providers: among, sourceBuckets: globs }),
  samples: (_operation, all) =>
    [
      ...unique(all.flatMap(({ sourceBuckets = [] }) => sourceBuckets)).map((one) =>
        one.replaceAll('*', 'example'),
      ),
      'unknown-source',
    ].flatMap(sourcesCalled),
})

/** A bucket of each provider, as far as they can have one of that name. */
function sourcesCalled(bucket: string): Sample[] {
  const secrets = { accessKeyId: 'example', secretAccessKey: 'example' }
  const destination = { provider: 'r2', ...secrets }
  const bucketUrl = bucket.includes('://') ? bucket : `https://s3.example.com/${bucket}`
  const [accountName, container = 'example'] = bucket.split('/', 2)
  return [
    { provider: 'aws', bucket, region: 'us-east-1', ...secrets },
    { provider: 'gcs', bucket, clientEmail: 'example', privateKey: 'example' },
    { provider: 's3', bucketUrl, ...secrets },
    { provider: 'azure', accountName, container, accountKey: 'example' },
  ].map((source) => ({ body: { source, destination } }))
}

/** What can't be read may be a credential in the wrong place: it is not shown. */
function readingUnseen(body: unknown, judge: (value: z.output<typeof asked>) => readonly Violation[]) {
  const isReadable = asked.safeParse(body).success
  const violations = reading(asked, body, EXPECTED, judge)
  return isReadable ? violations : violations.map((one) => ({ ...one, value: null }))
}

function violation(pointer: string, message: string, value: unknown, allowed: unknown): Violation {
  return { pointer, message, value, allowed }
}

/** `null` where there is no name, or one that another reader could take for a different one. */
function nameOf({
  provider,
  bucket = '',
  bucketUrl = '',
  accountName = '',
  container = '',
}: Source): Name | null {
  const text = { aws: bucket, gcs: bucket, azure: `${accountName}/${container}`, s3: bucketUrl }[provider]
  const name = text.includes('*') ? null : parseName(text)
  const form = { aws: 'bucket', gcs: 'bucket', azure: 'container', s3: 'url' }[provider]
  return name?.form === form ? name : null
}

function parseName(text: string): Name | null {
  if (text.includes('://')) return parseUrl(text)
  const parts = text.split('/')
  if (!parts.every((part) => /^[A-Za-z0-9._*-]{1,255}$/.test(part)) || parts.length > 2) return null
  return { text, form: parts.length === 1 ? 'bucket' : 'container', parts }
}

/**
 * Origin and path. The case of scheme and host and a scheme's usual port say nothing; a URL that its parser would write
 * otherwise than that has another reader.
 */
function parseUrl(text: string): Name | null {
  const url = URL.parse(text)
  if (!url || url.hostname.includes('*') || !/^https?:$/.test(url.protocol)) return null
  const [, origin = '', path = ''] = /^([^/]*:\/\/[^/]*)(.*)$/s.exec(text) ?? []
  const usual = url.protocol === 'https:' ? /:443$/ : /:80$/
  const isPlain = origin.toLowerCase().replace(usual, '') === url.origin && (path || '/') === url.pathname
  return isPlain ? { text, form: 'url', parts: [url.origin, url.pathname] } : null
}

/** Part by part, so that a `*` reaches no further than its own. */
function isUnder(pattern: Name | null, name: Name): boolean {
  if (pattern?.form !== name.form) return false
  return pattern.parts.every((part, index) => matches(part, name.parts[index] ?? ''))
}
