import * as z from 'zod'
import { EVENT_ACTIONS } from '../names.ts'
import { pointerTo } from '../pointer.ts'
import { among, compareOptions } from './compare.ts'
import { kind, optionalList, reading, type Violation } from './guardrail.ts'
import { NOWHERE, unique } from './samples.ts'

const queueId = z.string().regex(/^[0-9a-f]{32}$/, '32 hexadecimal digits in lower case')
const asked = z.looseObject({ rules: optionalList(z.looseObject({ actions: z.array(z.string()) })) })
const EXPECTED = '{"rules": [{"actions": ["PutObject"]}]}'

const UPDATE = 'buckets.eventNotifications.update'
const DELETE = 'buckets.eventNotifications.delete'

/** Where events may be sent, and which. The rules of a queue that isn't listed may not be removed either. */
export const eventNotifications = kind({
  options: z
    .strictObject({
      queues: z.array(queueId).exactOptional(),
      actions: z.array(z.enum(EVENT_ACTIONS)).exactOptional(),
    })
    .refine((options) => Object.keys(options).length > 0, 'says nothing: name queues or actions'),
  ways: { queues: [UPDATE, DELETE], actions: [UPDATE] },
  open: {
    what: 'queues',
    options: 'eventNotifications.queues',
    operations: [UPDATE, DELETE],
    isNamed: ({ queues }) => queues !== undefined,
  },
  check({ queues, actions }, { operation, queueId = '', body }) {
    const queueFault: Violation[] =
      !queues || queues.includes(queueId)
        ? []
        : [{ pointer: '', message: `queue ${queueId} is not allowed`, value: queueId, allowed: queues }]
    if (operation === DELETE || !actions) return queueFault
    const actionFaults = reading(asked, body, EXPECTED, ({ rules }) =>
      rules.flatMap((rule, index) =>
        rule.actions.flatMap((value, place): Violation[] =>
          actions.some((one) => one === value)
            ? []
            : [
                {
                  pointer: pointerTo('rules', index, 'actions', place),
                  message: `action ${value} is not allowed`,
                  value,
                  allowed: actions,
                },
              ],
        ),
      ),
    )
    return [...queueFault, ...actionFaults]
  },
  compare: (strict, loose) => compareOptions(strict, loose, { queues: among, actions: among }),
  samples(operation, all) {
    const queueIds = [...unique(all.flatMap(({ queues = [] }) => queues)), NOWHERE]
    if (operation === DELETE) return queueIds.map((queueId) => ({ queueId }))
    return queueIds.flatMap((queueId) =>
      EVENT_ACTIONS.map((action) => ({ queueId, body: { rules: [{ actions: [action] }] } })),
    )
  },
})
