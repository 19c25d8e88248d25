import * as z from 'zod'
import type { Call } from '../call.ts'
import { type Answer, done } from '../envelope.ts'
import { ApiError } from '../errors.ts'
import { onBucket } from '../operation.ts'
import type { Bucket } from '../store/buckets.ts'
import { type NotificationRule, notificationRule, type StoredRule } from '../store/notifications.ts'
import type { Queue } from '../store/queues.ts'

const MOST_RULES = 100

const additions = z.object({ rules: z.array(notificationRule).min(1) })
const removals = z.object({ ruleIds: z.array(z.string()).optional() })

const configuration = '/event_notifications/r2/:bucket/configuration'
const queue = `${configuration}/queues/:queue`

export const eventNotificationOperations = [
  onBucket('buckets.eventNotifications.list', 'GET', configuration, listQueues),
  onBucket('buckets.eventNotifications.get', 'GET', queue, getQueue),
  onBucket('buckets.eventNotifications.update', 'PUT', queue, addRules),
  onBucket('buckets.eventNotifications.delete', 'DELETE', queue, deleteRules),
]

function listQueues(call: Call, bucket: Bucket): Answer {
  const byQueue = Map.groupBy(rulesOf(call, bucket), ({ queueId }) => queueId)
  if (byQueue.size === 0) throw new ApiError('no_notifications')
  const queues = [...byQueue].map(([id, rules]) => describe(queueOf(call, id), rules))
  return { result: { bucketName: bucket.name, queues } }
}

function getQueue(call: Call, bucket: Bucket): Answer {
  const queue = queueOf(call)
  return { result: describe(queue, someRulesOf(call, bucket, queue)) }
}

/**
 * PUT adds to the queue's rules, it doesn't replace them. The description calls it "Create event
 * notification rule", wrangler's `notification create` sends just the new rule and keeps the others,
 * and Terraform, to replace, deletes first and puts then.
 */
function addRules(call: Call, bucket: Bucket): Answer {
  const { id } = queueOf(call)
  const { rules } = call.body(additions)
  const before = rulesOf(call, bucket)
  if (before.length + rules.length > MOST_RULES) throw new ApiError('too_many_rules', { pointer: '/rules' })
  for (const [index, rule] of rules.entries()) {
    const others = [...before, ...rules.slice(0, index)]
    if (others.some((other) => overlap(rule, other))) {
      throw new ApiError('conflicting_notification', { pointer: `/rules/${index}` })
    }
  }
  for (const rule of rules) call.services.store.notifications.add(bucket, id, rule)
  return done()
}

/** Without a body (or without ids in it) every rule of the queue goes; with ids, all of them or none. */
function deleteRules(call: Call, bucket: Bucket): Answer {
  const { ruleIds } = call.hasBody ? call.body(removals) : {}
  const existing = someRulesOf(call, bucket, queueOf(call)).map(({ ruleId }) => ruleId)
  const going = ruleIds ?? existing
  if (going.some((id) => !existing.includes(id))) throw new ApiError('no_notifications')
  for (const id of going) call.services.store.notifications.delete(id)
  return done()
}

/** Two rules of a bucket must never both fire for one event, whichever queues they feed. */
function overlap(one: NotificationRule, other: NotificationRule): boolean {
  const [prefix = '', otherPrefix = ''] = [one.prefix, other.prefix]
  const [suffix = '', otherSuffix = ''] = [one.suffix, other.suffix]
  return (
    one.actions.some((action) => other.actions.includes(action)) &&
    (prefix.startsWith(otherPrefix) || otherPrefix.startsWith(prefix)) &&
    (suffix.endsWith(otherSuffix) || otherSuffix.endsWith(suffix))
  )
}

function rulesOf({ services }: Call, bucket: Bucket): StoredRule[] {
  return services.store.notifications.list(bucket)
}

function someRulesOf(call: Call, bucket: Bucket, queue: Queue): StoredRule[] {
  const rules = rulesOf(call, bucket).filter(({ queueId }) => queueId === queue.id)
  if (rules.length === 0) throw new ApiError('no_notifications')
  return rules
}

function queueOf(call: Call, id = call.param('queue')): Queue {
  const found = call.services.store.queues.find(id)
  if (!found) throw new ApiError('no_queue')
  return found
}

function describe({ id, name }: Queue, stored: readonly StoredRule[]) {
  const rules = stored.map(({ queueId: _, ...rule }) => rule)
  return { queueId: id, queueName: name, rules }
}
