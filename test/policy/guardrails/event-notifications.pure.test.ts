import { describe, expect, test } from 'vitest'
import { judge, pointersOf } from './judge.ts'

const QUEUE = 'd41d8cd98f00b204e9800998ecf8427e'
const OTHER = 'aaaabbbbccccddddeeeeffff00001111'
const UPDATE = 'buckets.eventNotifications.update'
const DELETE = 'buckets.eventNotifications.delete'

const rulesOf = (...actions: unknown[]) => ({ rules: [{ actions }] })
const judged = (options: unknown, queueId: string | undefined, body: unknown, operation = UPDATE) =>
  judge('eventNotifications', options, { operation, queueId, body })

describe.each([UPDATE, DELETE])('%s', (operation) => {
  test('passes for a queue that is named', () => {
    expect(judged({ queues: [OTHER, QUEUE] }, QUEUE, rulesOf('PutObject'), operation)).toEqual([])
  })

  test('is refused for another queue, though the body is not at fault', () => {
    expect(judged({ queues: [QUEUE] }, OTHER, rulesOf('PutObject'), operation)).toEqual([
      { pointer: '', message: `queue ${OTHER} is not allowed`, value: OTHER, allowed: [QUEUE] },
    ])
  })

  test.each([QUEUE.toUpperCase(), `${QUEUE} `, ` ${QUEUE}`, QUEUE.slice(0, 31), '', undefined])(
    'is refused for the queue %j',
    (queueId) => {
      expect(judged({ queues: [QUEUE] }, queueId, rulesOf('PutObject'), operation)).toHaveLength(1)
    },
  )

  test('is refused for every queue by an empty list', () => {
    expect(judged({ queues: [] }, QUEUE, rulesOf('PutObject'), operation)).toHaveLength(1)
  })
})

describe('actions', () => {
  const actions = ['PutObject', 'CopyObject']

  test('that are named pass', () => {
    expect(judged({ actions }, QUEUE, rulesOf('CopyObject', 'PutObject'))).toEqual([])
  })

  test('that are not named are refused, each by its place', () => {
    const body = { rules: [{ actions: ['PutObject'] }, { actions: ['DeleteObject', 'PutObject', 'X'] }] }
    expect(judged({ actions }, QUEUE, body)).toEqual([
      {
        pointer: '/rules/1/actions/0',
        message: 'action DeleteObject is not allowed',
        value: 'DeleteObject',
        allowed: actions,
      },
      { pointer: '/rules/1/actions/2', message: 'action X is not allowed', value: 'X', allowed: actions },
    ])
  })

  test.each(['putobject', 'PutObject ', '*', ''])('are not taken for %j', (action) => {
    expect(pointersOf(judged({ actions }, QUEUE, rulesOf(action)))).toEqual(['/rules/0/actions/0'])
  })

  test('are not allowed by an empty list', () => {
    expect(judged({ actions: [] }, QUEUE, rulesOf('PutObject'))).toHaveLength(1)
  })

  test('of a rule may be none', () => {
    expect(judged({ actions }, QUEUE, rulesOf())).toEqual([])
  })

  test('do not matter when rules are removed', () => {
    expect(judged({ actions: [] }, QUEUE, { ruleIds: ['1'] }, DELETE)).toEqual([])
    expect(judged({ actions: [] }, QUEUE, undefined, DELETE)).toEqual([])
  })

  test.each([{}, { rules: null }, { rules: [] }])('%j asks for none', (body) => {
    expect(judged({ actions }, QUEUE, body)).toEqual([])
  })

  test.each<[string, unknown, string]>([
    ['a rule that is a text', { rules: ['PutObject'] }, '/rules/0'],
    ['actions that are missing', { rules: [{}] }, '/rules/0/actions'],
    ['actions as a text', { rules: [{ actions: 'PutObject' }] }, '/rules/0/actions'],
    ['an action as a list', rulesOf(['PutObject']), '/rules/0/actions/0'],
    ['an action that is null', rulesOf(null), '/rules/0/actions/0'],
  ])('%s cannot be read, and are refused by place', (_, body, pointer) => {
    expect(pointersOf(judged({ actions }, QUEUE, body))).toEqual([pointer])
  })
})

test('a wrong queue and a wrong action are told at once', () => {
  const options = { queues: [QUEUE], actions: ['PutObject'] }
  expect(pointersOf(judged(options, OTHER, rulesOf('DeleteObject')))).toEqual(['', '/rules/0/actions/0'])
})
