import * as z from 'zod'
import { matches } from '../match.ts'
import { kind, reading } from './guardrail.ts'

const asked = z.looseObject({
  source: z.looseObject({
    provider: z.string(),
    bucket: z.string().optional(),
    bucketUrl: z.string().optional(),
    accountName: z.string().optional(),
    container: z.string().optional(),
  }),
})
type Source = z.output<typeof asked>['source']

/** A name as the provider has it: S3 names, `account/container` of Azure, or the URL of an S3-compatible one. */
const sourcePattern = z
  .string()
  .regex(
    /^(https?:\/\/[a-z0-9.-]+(:[0-9]+)?\/)?[A-Za-z0-9._*/-]+$/,
    'a bucket name, account/container or bucket URL; `*` stands for any run of characters',
  )

/** From where objects may be copied in. */
export const sippy = kind({
  options: z
    .strictObject({
      providers: z.array(z.enum(['aws', 'gcs', 's3', 'azure'])).exactOptional(),
      sourceBuckets: z.array(sourcePattern).exactOptional(),
    })
    .refine((options) => Object.keys(options).length > 0, 'says nothing: name providers or sourceBuckets'),
  operations: ['buckets.sippy.update'],
  check: ({ providers, sourceBuckets }, { body }) =>
    reading(asked, body, ({ source }) => {
      const { provider } = source
      const name = nameOf(source)
      const isNameAllowed =
        !sourceBuckets || (name !== null && sourceBuckets.some((pattern) => matches(pattern, name)))
      return [
        ...(providers && !providers.some((one) => one === provider)
          ? [
              {
                pointer: '/source/provider',
                message: `provider ${provider} is not allowed`,
                value: provider,
                allowed: providers,
              },
            ]
          : []),
        ...(isNameAllowed
          ? []
          : [
              {
                pointer: '/source',
                message: `source ${name ?? 'without a name'} is not allowed`,
                value: name,
                allowed: sourceBuckets,
              },
            ]),
      ]
    }),
})

/** What patterns are compared with; the URL parser has normalised a URL. */
function nameOf({ provider, bucket, bucketUrl, accountName, container }: Source): string | null {
  if (provider === 's3') {
    const url = URL.parse(bucketUrl ?? '')
    return url && url.username + url.password + url.search + url.hash === ''
      ? `${url.origin}${url.pathname}`
      : null
  }
  if (provider === 'azure') return accountName && container ? `${accountName}/${container}` : null
  return bucket ?? null
}
