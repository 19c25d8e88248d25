import * as z from 'zod'
import { ApiError } from '../../errors.ts'
import { type BucketRef, JURISDICTIONS } from '../../policy/names.ts'
import { bucketName } from '../fields.ts'
import { handled } from '../operation.ts'

/** What `wrangler r2 bucket info` asks: its bucket is `name`, or `jurisdiction_name`. */
const request = z.looseObject({
  operationName: z.literal('getR2StorageMetrics'),
  variables: z.strictObject({
    accountTag: z.string(),
    filter: z.strictObject({
      datetime_geq: z.iso.datetime(),
      datetime_leq: z.iso.datetime(),
      bucketName: z.string(),
    }),
  }),
})

/** The question in a body, with the bucket that it is about. Throws for any other. */
export function storageQuestion(body: unknown) {
  const { variables } = request.safeParse(body).data ?? {}
  const bucket = bucketIn(variables?.filter.bucketName ?? '')
  if (!variables || !bucket) throw anotherQuestion()
  return { accountId: variables.accountTag, filter: variables.filter, bucket }
}

export const anotherQuestion = () =>
  new ApiError(
    'not_offered',
    'GraphQL: only the storage of one bucket, as `wrangler r2 bucket info` asks for it.',
  )

function bucketIn(text: string): BucketRef | null {
  const [first, second, ...more] = text.split('_')
  const [place, name] = second === undefined ? ['default', first] : [first, second]
  const jurisdiction = JURISDICTIONS.find((known) => known === place)
  const parsed = bucketName.safeParse(name).data
  return parsed && jurisdiction && more.length === 0 ? { jurisdiction, name: parsed } : null
}

export const graphql = handled({
  name: 'graphql.storage',
  only: 'v4',
  method: 'post',
  path: '/graphql',
  access: 'identified',
  summary: 'How much one bucket holds, for whoever may see the bucket',
  target: 'account',
  body: z.unknown(),
  isBare: true,
  decidedAs({ body }) {
    const { jurisdiction, name } = storageQuestion(body).bucket
    return [{ operation: 'buckets.get', jurisdiction, bucket: name }]
  },
})
