import * as z from 'zod'
import { credentialsIn, withoutCredentials } from '../../audit/redaction.ts'
import { contains } from '../changes.ts'
import { operation, resource } from '../operation.ts'

const text = z.string().min(1).max(2048)
const secret = z
  .string()
  .min(1)
  .max(8192)
  .meta({ description: 'Passed on once; never stored, logged or returned' })

/** Credentials have fields of their own: in a URL they would be shown with it. */
const bucketUrl = z.url({ protocol: /^https?$/ }).refine((text) => {
  const url = URL.parse(text)
  return url !== null && url.username + url.password + url.search + url.hash === ''
}, 'a URL without user, query or fragment')

const destination = z.strictObject({
  provider: z.literal('r2'),
  accessKeyId: text,
  secretAccessKey: secret,
})

const source = z.discriminatedUnion('provider', [
  z.strictObject({
    provider: z.literal('aws'),
    bucket: text,
    region: text,
    accessKeyId: text,
    secretAccessKey: secret,
  }),
  z.strictObject({ provider: z.literal('gcs'), bucket: text, clientEmail: text, privateKey: secret }),
  z.strictObject({
    provider: z.literal('s3'),
    bucketUrl,
    accessKeyId: text,
    secretAccessKey: secret,
  }),
  z
    .strictObject({
      provider: z.literal('azure'),
      accountName: text,
      container: text,
      accountKey: secret.exactOptional(),
      sasToken: secret.exactOptional(),
    })
    .refine(({ accountKey, sasToken }) => (accountKey === undefined) !== (sasToken === undefined), {
      message: 'either accountKey or sasToken',
    }),
])

export const sippyChange = z.strictObject({ source, destination }).meta({
  id: 'SippyChange',
  description: 'Copy objects from another provider as they are asked for',
  examples: [
    {
      source: {
        provider: 'aws',
        bucket: 'old-assets',
        region: 'us-east-1',
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
        secretAccessKey: '…',
      },
      destination: { provider: 'r2', accessKeyId: '0123456789abcdef', secretAccessKey: '…' },
    },
  ],
})

/** What may be shown of Sippy: where from and where to. Without the account id and any credential. */
const sippyState = z
  .object({
    enabled: z.boolean().exactOptional(),
    source: z
      .object({
        provider: z.string().exactOptional(),
        bucket: z.string().nullable().exactOptional(),
        bucketUrl: z.string().nullable().exactOptional(),
        container: z.string().nullable().exactOptional(),
        region: z.string().nullable().exactOptional(),
      })
      .exactOptional(),
    destination: z
      .object({ provider: z.string().exactOptional(), bucket: z.string().nullable().exactOptional() })
      .exactOptional(),
  })
  .meta({ id: 'Sippy' })

/** Cloudflare answers a bucket without Sippy as one where it is off. */
const off = z.looseObject({ enabled: z.literal(false) })

const withoutThem = {
  impossible: 'The credentials of the earlier source are not kept: turn Sippy on with them again.',
}

/** What tells one source from another, where the body and the configuration both have it. */
function shownIn(value: unknown): unknown {
  const { source } = z.object({ source: z.record(z.string(), z.unknown()) }).safeParse(value).data ?? {}
  return (
    source && {
      source: Object.fromEntries(
        ['provider', 'bucket', 'region', 'container', 'bucketUrl'].flatMap((name) =>
          source[name] === undefined || source[name] === null ? [] : [[name, source[name]]],
        ),
      ),
    }
  )
}

export const sippy = resource('Sippy', [
  operation({
    name: 'buckets.sippy.get',
    method: 'get',
    path: '/buckets/:bucket/sippy',
    summary: 'Get the Sippy configuration',
    refusals: ['sippy_not_found'],
    result: sippyState,
    configuration: (result) => (off.safeParse(result).success ? null : withoutCredentials(result)),
  }),
  operation({
    name: 'buckets.sippy.update',
    method: 'put',
    path: '/buckets/:bucket/sippy',
    summary: 'Turn Sippy on, or change its source',
    changes: {
      reads: 'buckets.sippy.get',
      recorded: withoutCredentials,
      secrets: credentialsIn,
      isDone: (configuration, body) =>
        configuration !== null && contains(shownIn(configuration), shownIn(body)),
      undo: ({ before }) => (before === null ? { operation: 'buckets.sippy.delete' } : withoutThem),
    },
    body: sippyChange,
    result: sippyState,
  }),
  operation({
    name: 'buckets.sippy.delete',
    method: 'delete',
    path: '/buckets/:bucket/sippy',
    summary: 'Turn Sippy off',
    changes: {
      reads: 'buckets.sippy.get',
      isDone: (configuration) => configuration === null,
      undo: () => withoutThem,
    },
  }),
])
