import * as z from 'zod'

/** The one GraphQL query that is ever sent, in the warden's own words: how much one bucket holds. */
export const STORAGE_METRICS_QUERY = `query getR2StorageMetrics($accountTag: String, $filter: R2StorageAdaptiveGroupsFilter_InputObject) {
  viewer {
    accounts(filter: { accountTag: $accountTag }) {
      r2StorageAdaptiveGroups(limit: 1, filter: $filter, orderBy: [datetime_DESC]) {
        max { objectCount payloadSize metadataSize }
        dimensions { datetime }
      }
    }
  }
}`

/** What is asked of: a bucket, as the dataset names it, and a span of time. */
export interface StorageMetricsFilter {
  readonly bucketName: string
  readonly datetime_geq: string
  readonly datetime_leq: string
}

const group = z.object({
  max: z.object({ objectCount: z.number(), payloadSize: z.number(), metadataSize: z.number() }),
  dimensions: z.object({ datetime: z.string() }),
})

/** What is passed on of the answer; anything else is no answer, which wrangler shows as nothing stored. */
export const storageMetrics = z.object({
  data: z.object({
    viewer: z.object({ accounts: z.array(z.object({ r2StorageAdaptiveGroups: z.array(group) })).max(1) }),
  }),
})
