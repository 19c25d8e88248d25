import { describe, expect, test } from 'vitest'
import type { KindName } from '../../../src/policy/guardrails/index.ts'
import { KIND_NAMES, KINDS } from '../../../src/policy/guardrails/index.ts'
import { judge, pointersOf } from './judge.ts'

/** What can't be read as its type is never let through, whichever kind should judge it. */

const BODY_JUDGED: Record<KindName, unknown> = {
  bucketCreation: { storageClasses: ['Standard'] },
  lifecycle: { minDeleteAge: '30d' },
  cors: { origins: ['https://*.media.example.com'] },
  customDomains: { zoneIds: [] },
  managedDomain: { public: false },
  eventNotifications: { actions: ['PutObject'] },
  locks: { minRetention: '30d' },
  sippy: { providers: ['aws'] },
}

test('every kind is here', () => {
  expect(Object.keys(BODY_JUDGED).toSorted()).toEqual(KIND_NAMES.toSorted())
})

describe.each(KIND_NAMES)('%s', (kind) => {
  test.each([null, [], [[]], '', '{}', 'true', 0, 1, true, false])(
    'refuses a body of %j as a whole',
    (body) => {
      const [fault, ...more] = judge(kind, BODY_JUDGED[kind], { body })
      expect(more).toEqual([])
      expect(fault).toMatchObject({ pointer: '', message: 'cannot be read as what it should be' })
    },
  )

  test('refuses a body that is missing, and says that there is none', () => {
    expect(judge(kind, BODY_JUDGED[kind], { body: undefined })).toEqual([
      {
        pointer: '',
        message: 'there is no value to judge',
        value: null,
        allowed: null,
        expected: expect.stringMatching(/^\{/),
      },
    ])
  })

  test('shows nothing of an object that stands where it should not', () => {
    const body = [{ secretAccessKey: 'never-shown' }]
    expect(JSON.stringify(judge(kind, BODY_JUDGED[kind], { body }))).not.toContain('never-shown')
  })

  test('refuses options of nothing', () => {
    expect(KINDS[kind].options.safeParse({}).success).toBe(false)
  })

  test('speaks of operations, each once', () => {
    const operations = KINDS[kind].operations
    expect(operations.length).toBeGreaterThan(0)
    expect(operations).toEqual([...new Set(operations)])
  })
})

test.each<[KindName, unknown]>([
  ['bucketCreation', { storageClass: 'Standard', storage: 1 }],
  ['lifecycle', { rules: [], 'a/b': 1 }],
  ['cors', { rules: [], extra: { rules: null } }],
  ['managedDomain', { enabled: false, Enabled: true }],
])('%s does not mind a field that it does not judge', (kind, body) => {
  expect(pointersOf(judge(kind, BODY_JUDGED[kind], { body }))).toEqual([])
})
