import * as z from 'zod'
import { LOCATIONS } from '../../policy/names.ts'
import { unreadable } from '../changes.ts'
import { bucketName, storageClass } from '../fields.ts'
import { handled, operation, resource } from '../operation.ts'
import { describedPerPage } from '../per-page.ts'

/** As Cloudflare shows a location, and takes it too; its SDK's type has the other case only. */
const LOCATIONS_IN_UPPER_CASE = LOCATIONS.map((one) => one.toUpperCase() as typeof one)

export const bucketCreation = z
  .strictObject({
    name: bucketName,
    locationHint: z
      .enum([...LOCATIONS, ...LOCATIONS_IN_UPPER_CASE])
      .exactOptional()
      .meta({ description: 'Where to put it; honoured only the first time that a name is created' }),
    storageClass: storageClass.exactOptional(),
  })
  .meta({ id: 'BucketCreation', examples: [{ name: 'media-archive', locationHint: 'weur' }] })

export const bucketChange = z
  .strictObject({ storageClass })
  .meta({ id: 'BucketChange', examples: [{ storageClass: 'InfrequentAccess' }] })

/** A bucket as upstream has it, in the spelling of v1. Cloudflare answers the location in upper case. */
const bucket = z
  .preprocess(
    (value) => {
      if (typeof value !== 'object' || value === null) return value
      const {
        creation_date: creationDate,
        storage_class: storageClass,
        ...rest
      } = value as Record<string, unknown>
      return {
        ...rest,
        ...(creationDate !== undefined && { creationDate }),
        ...(storageClass !== undefined && { storageClass }),
      }
    },
    z.object({
      name: z.string(),
      creationDate: z.string().exactOptional(),
      location: z.string().exactOptional(),
      storageClass: z.string().exactOptional(),
      jurisdiction: z.string().exactOptional(),
    }),
  )
  .meta({
    id: 'Bucket',
    examples: [
      {
        name: 'media-assets',
        creationDate: '2026-01-15T09:30:00.000Z',
        location: 'WEUR',
        storageClass: 'Standard',
        jurisdiction: 'default',
      },
    ],
  })

/** The storage class of a bucket as upstream has it. */
function classOf(configuration: unknown) {
  return z.object({ storage_class: storageClass }).safeParse(configuration).data?.storage_class
}

const listQuery = z.strictObject({
  perPage: describedPerPage('Buckets'),
  cursor: z.string().min(1).max(512).exactOptional().meta({ description: '`nextCursor` of the page before' }),
  nameContains: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/, 'part of a bucket name')
    .exactOptional()
    .meta({ description: 'Only buckets with this in their name' }),
  direction: z.enum(['asc', 'desc']).default('asc').meta({ description: 'Order of the names' }),
})

export const buckets = resource('Buckets', [
  handled({
    name: 'buckets.list',
    method: 'get',
    path: '/buckets',
    summary: 'List the buckets that the caller may see',
    description:
      'In name order, in full pages. Policy is asked anew for every page, and a bucket that is created ' +
      'meanwhile neither repeats nor hides another. A cursor holds for the jurisdiction and direction it came from.',
    target: 'listing',
    query: listQuery,
    result: z
      .object({ buckets: z.array(bucket), nextCursor: z.string().nullable() })
      .meta({ id: 'BucketPage' }),
  }),
  operation({
    name: 'buckets.create',
    method: 'post',
    path: '/buckets',
    summary: 'Create a bucket',
    changes: {
      reads: 'buckets.get',
      slot: 'takes',
      isDone: (configuration) => configuration !== null,
      undo: ({ before }) =>
        before === null
          ? { operation: 'buckets.delete' }
          : { impossible: 'The bucket was there before already.' },
    },
    body: bucketCreation,
    bucket: ({ name }) => name,
    refusals: ['bucket_exists', 'too_many_buckets'],
    result: bucket,
    status: 201,
  }),
  operation({
    name: 'buckets.get',
    method: 'get',
    path: '/buckets/:bucket',
    summary: 'Get a bucket',
    result: bucket,
  }),
  operation({
    name: 'buckets.edit',
    method: 'patch',
    path: '/buckets/:bucket',
    summary: 'Change the storage class for new objects',
    changes: {
      reads: 'buckets.get',
      isDone: (configuration, body) =>
        classOf(configuration) === bucketChange.safeParse(body).data?.storageClass,
      undo({ before }) {
        const storageClass = classOf(before)
        return storageClass === undefined ? unreadable : { operation: 'buckets.edit', body: { storageClass } }
      },
    },
    body: bucketChange,
    inHeaders: { storageClass: 'cf-r2-storage-class' },
    result: bucket,
  }),
  operation({
    name: 'buckets.delete',
    method: 'delete',
    path: '/buckets/:bucket',
    summary: 'Delete an empty bucket',
    changes: {
      reads: 'buckets.get',
      slot: 'frees',
      isDone: (configuration) => configuration === null,
      undo: () => ({ impossible: 'The deletion of a bucket cannot be undone: create it anew.' }),
    },
    refusals: ['bucket_not_empty'],
  }),
])
