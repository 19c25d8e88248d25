import type { SeedBucket } from './buckets.ts'
import type { Queue } from './queues.ts'

const names = ['media-assets', 'media-site-prod', 'shared-assets', 'data-lake', 'finance-ledger']

/** What the example policy of the warden speaks of; one name in two jurisdictions, to catch who mixes them. */
export const INITIAL_BUCKETS: readonly SeedBucket[] = [
  ...names.map((name) => ({ name, jurisdiction: 'default' as const })),
  { name: 'media-assets', jurisdiction: 'eu', location: 'weur' },
]

export const INITIAL_QUEUES: readonly Queue[] = [
  { id: 'd41d8cd98f00b204e9800998ecf8427e', name: 'data-events' },
  { id: 'aaaabbbbccccddddeeeeffff00001111', name: 'media-events' },
]
