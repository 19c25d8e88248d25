import * as z from 'zod'
import { EVENT_ACTIONS } from '../../policy/names.ts'
import { contains, unreadable } from '../changes.ts'
import { operation, resource } from '../operation.ts'

const action = z.enum(EVENT_ACTIONS)

const rule = z.strictObject({
  actions: z
    .array(action)
    .min(1)
    .refine((actions) => new Set(actions).size === actions.length, 'an action stands twice')
    .meta({ override: { uniqueItems: true } }),
  prefix: z.string().max(1024).exactOptional(),
  suffix: z.string().max(1024).exactOptional(),
  description: z.string().max(1024).exactOptional(),
})

export const notificationRules = z.strictObject({ rules: z.array(rule).min(1).max(100) }).meta({
  id: 'EventNotificationRules',
  examples: [{ rules: [{ actions: ['PutObject', 'CompleteMultipartUpload'], prefix: 'uploads/' }] }],
})

export const notificationRuleIds = z
  .strictObject({ ruleIds: z.array(z.string().min(1).max(64)).min(1) })
  .meta({
    id: 'EventNotificationRuleIds',
    description: 'The rules to remove; without a body all rules of the queue are removed',
    examples: [{ ruleIds: ['1e9f5f0c-4d1e-4b43-9d5a-0d6a4f6a3b1c'] }],
  })

const queueConfiguration = z
  .object({
    queueId: z.string().exactOptional(),
    queueName: z.string().exactOptional(),
    rules: z
      .array(
        z.object({
          ruleId: z.string().exactOptional(),
          createdAt: z.string().exactOptional(),
          actions: z.array(z.string()),
          prefix: z.string().exactOptional(),
          suffix: z.string().exactOptional(),
          description: z.string().exactOptional(),
        }),
      )
      .default([]),
  })
  .meta({ id: 'EventNotificationQueue' })

const GET = 'buckets.eventNotifications.get'
const UPDATE = 'buckets.eventNotifications.update'
const DELETE = 'buckets.eventNotifications.delete'

const idsIn = z.object({ ruleIds: z.array(z.string()) })
const rulesIn = z.object({ rules: z.array(z.unknown()) })

/** The rules of a queue; none where there is no configuration. */
function rulesOf(configuration: unknown) {
  return queueConfiguration.safeParse(configuration).data?.rules ?? []
}

function idsOf(configuration: unknown) {
  return rulesOf(configuration).flatMap(({ ruleId }) => (ruleId === undefined ? [] : [ruleId]))
}

const all = {
  path: '/buckets/:bucket/event-notifications',
  upstreamPath: '/event_notifications/r2/:bucket/configuration',
} as const

const one = {
  path: '/buckets/:bucket/event-notifications/queues/:queueId',
  upstreamPath: '/event_notifications/r2/:bucket/configuration/queues/:queueId',
} as const

export const eventNotifications = resource('Event notifications', [
  operation({
    name: 'buckets.eventNotifications.list',
    method: 'get',
    ...all,
    refusals: ['event_notifications_not_found'],
    summary: 'List the event notifications, by queue',
    result: z
      .object({ bucketName: z.string().exactOptional(), queues: z.array(queueConfiguration).default([]) })
      .meta({ id: 'EventNotifications' }),
  }),
  operation({
    name: GET,
    method: 'get',
    ...one,
    refusals: ['event_notifications_not_found'],
    summary: 'Get the event notifications of one queue',
    result: queueConfiguration,
  }),
  operation({
    name: UPDATE,
    method: 'put',
    ...one,
    summary: 'Send events to a queue',
    description: 'The rules are added to those that the queue has already.',
    changes: {
      reads: GET,
      isDone(configuration, body) {
        const asked = rulesIn.safeParse(body).data?.rules ?? []
        const there = rulesOf(configuration)
        return asked.length > 0 && asked.every((rule) => there.some((one) => contains(one, rule)))
      },
      undo({ before, after }) {
        const known = idsOf(before)
        const ruleIds = idsOf(after).filter((id) => !known.includes(id))
        return ruleIds.length > 0 ? { operation: DELETE, body: { ruleIds } } : unreadable
      },
    },
    body: notificationRules,
  }),
  operation({
    name: DELETE,
    method: 'delete',
    ...one,
    refusals: ['event_notifications_not_found'],
    summary: 'Stop sending events to a queue, all of them or by rule',
    changes: {
      reads: GET,
      isDone(configuration, body) {
        const going = idsIn.safeParse(body).data?.ruleIds
        const there = idsOf(configuration)
        return going ? !going.some((id) => there.includes(id)) : rulesOf(configuration).length === 0
      },
      undo({ before, after }) {
        const left = idsOf(after)
        const rules = rulesOf(before)
          .filter(({ ruleId }) => ruleId === undefined || !left.includes(ruleId))
          .map(({ ruleId: _ruleId, createdAt: _createdAt, ...rule }) => rule)
        return rules.length > 0 ? { operation: UPDATE, body: { rules } } : unreadable
      },
    },
    body: notificationRuleIds,
    bodyOptional: true,
  }),
])
