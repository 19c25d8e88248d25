import type { Policy } from '../../policy/compile.ts'
import { count } from '../words.ts'
import type { Change } from './change.ts'

const CREATE = 'buckets.create'
const NAME = 'limits.buckets'

export interface LimitChanges {
  readonly gains: readonly Change[]
  readonly loses: readonly Change[]
  /** Of a team that only one of the documents lets create buckets: the grant is the gain or the loss. */
  readonly also: readonly string[]
}

/** What changes in how many buckets a team may create, as far as it has grants to create any. */
export function limitChanges(before: Policy, after: Policy): LimitChanges {
  const [old, now] = [before.limits.buckets, after.limits.buckets]
  const mayCreate = [before, after].filter((policy) => policy.rulesFor(CREATE).grants.length > 0)
  if (old === now || mayCreate.length === 0) return { gains: [], loses: [], also: [] }
  if (mayCreate.length === 1) return { gains: [], loses: [], also: [otherwise(old, now)] }
  const isWider = now === null || (old !== null && now > old)
  const text = `may now have ${most(now)} that it created, before ${old === null ? 'any number' : `at most ${old}`} (${NAME} is ${isWider ? 'wider' : 'narrower'})`
  const found = [change(text)]
  return isWider ? { gains: found, loses: [], also: [] } : { gains: [], loses: found, also: [] }
}

function otherwise(old: number | null, now: number | null): string {
  if (old === null) return `${NAME} is new: ${most(now)} that the team created`
  if (now === null) return `${NAME} is gone: ${most(old)} that the team created`
  return `${NAME} is now: at most ${old} → ${most(now)} that the team created`
}

const most = (limit: number | null) =>
  limit === null ? 'any number of buckets' : `at most ${count(limit, 'bucket')}`

const change = (text: string): Change => ({
  kind: 'limit',
  rule: NAME,
  operations: [CREATE],
  buckets: ['*'],
  jurisdictions: ['*'],
  besides: [],
  text,
})
