import { describe, expect, test } from 'vitest'
import type { Values } from '../../src/audit/record.ts'
import { canonicalJson } from '../../src/encoding/canonical-json.ts'
import { outcomeOf } from '../../src/lanes/reconcile.ts'
import { operations } from '../../src/routes/index.ts'
import { DOMAIN, ZONE } from '../routes/examples.ts'

/** What became of a change, by what was there before and what is there now. */

function found(name: string, { body, before, now }: { body?: unknown; before?: unknown; now: unknown }) {
  const operation = operations.find((one) => one.name === name)
  if (!operation) throw new Error(`no operation is called ${name}`)
  const values: Values = {
    ...(body !== undefined && { body: canonicalJson(body) }),
    ...(before !== undefined && { before: canonicalJson(before) }),
  }
  return outcomeOf(operation, values, canonicalJson(now))
}

const bucket = (storage_class: string) => ({
  name: 'media',
  storage_class,
  creation_date: '2026-01-01T00:00:00Z',
})
const domain = (more: object) => ({ domain: DOMAIN, zoneId: ZONE, enabled: true, ...more })
const rules = (...ids: string[]) => ({ rules: ids.map((id) => ({ id, enabled: true })) })
const events = (...ids: string[]) => ({
  queueId: 'q',
  rules: ids.map((ruleId) => ({ ruleId, createdAt: 'x', actions: ['PutObject'], prefix: ruleId })),
})
const event = (prefix: string) => ({ rules: [{ actions: ['PutObject'], prefix }] })
const managed = (enabled: boolean) => ({ bucketId: 'b', domain: 'pub-b.r2.dev', enabled })
const sippy = (of: string) => ({
  enabled: true,
  source: { provider: 'aws', bucket: of, region: 'r' },
  destination: { provider: 'r2', accessKeyId: '[redacted]' },
})
const toSippy = (of: string) => ({
  source: { provider: 'aws', bucket: of, region: 'r', secretAccessKey: '[redacted]' },
  destination: { provider: 'r2', secretAccessKey: '[redacted]' },
})

interface Row {
  readonly name: string
  readonly body?: unknown
  readonly before: unknown
  /** What is there when it was done, and what somebody else could have put there. */
  readonly done: unknown
  readonly other: unknown
}

const rows: readonly Row[] = [
  {
    name: 'buckets.edit',
    body: { storageClass: 'InfrequentAccess' },
    before: bucket('Standard'),
    done: bucket('InfrequentAccess'),
    other: null,
  },
  {
    name: 'buckets.lifecycle.update',
    body: rules('a'),
    before: rules(),
    done: rules('a'),
    other: rules('b'),
  },
  { name: 'buckets.lifecycle.update', body: {}, before: rules('a'), done: rules(), other: rules('b') },
  { name: 'buckets.cors.update', body: rules('a'), before: null, done: rules('a'), other: rules('a', 'b') },
  {
    name: 'buckets.cors.update',
    body: rules('a', 'b'),
    before: rules('b', 'a'),
    done: rules('a', 'b'),
    other: null,
  },
  { name: 'buckets.cors.update', body: { rules: [] }, before: null, done: { rules: [] }, other: rules('a') },
  { name: 'buckets.locks.update', body: rules(), before: rules('a'), done: rules(), other: rules('b') },
  {
    name: 'buckets.domains.managed.update',
    body: { enabled: true },
    before: managed(false),
    done: managed(true),
    other: null,
  },
  {
    name: 'buckets.domains.custom.update',
    body: { minTLS: '1.2' },
    before: domain({}),
    done: domain({ minTLS: '1.2' }),
    other: domain({ minTLS: '1.3' }),
  },
  {
    name: 'buckets.domains.custom.update',
    body: { ciphers: ['B', 'A'] },
    before: domain({ ciphers: ['A', 'B'] }),
    done: domain({ ciphers: ['B', 'A'] }),
    other: null,
  },
  {
    name: 'buckets.eventNotifications.update',
    body: event('b'),
    before: events('a'),
    done: events('a', 'b'),
    other: events('a', 'c'),
  },
  {
    name: 'buckets.eventNotifications.update',
    body: event('a'),
    before: null,
    done: events('a'),
    other: events('c'),
  },
  { name: 'buckets.sippy.update', body: toSippy('x'), before: null, done: sippy('x'), other: sippy('y') },
  { name: 'buckets.sippy.update', body: toSippy('x'), before: sippy('y'), done: sippy('x'), other: null },
]

const removals: readonly Row[] = [
  { name: 'buckets.delete', before: bucket('Standard'), done: null, other: bucket('InfrequentAccess') },
  { name: 'buckets.cors.delete', before: rules('a'), done: null, other: rules('b') },
  {
    name: 'buckets.domains.custom.delete',
    before: domain({}),
    done: null,
    other: domain({ enabled: false }),
  },
  { name: 'buckets.sippy.delete', before: sippy('x'), done: null, other: sippy('y') },
  { name: 'buckets.eventNotifications.delete', before: events('a', 'b'), done: null, other: events('c') },
  {
    name: 'buckets.eventNotifications.delete',
    body: { ruleIds: ['a'] },
    before: events('a', 'b'),
    done: events('b'),
    other: events('a', 'c'),
  },
  {
    name: 'buckets.eventNotifications.delete',
    body: { ruleIds: ['a'] },
    before: events('a'),
    done: null,
    other: events('a', 'c'),
  },
]

const creations: readonly Row[] = [
  { name: 'buckets.create', body: { name: 'media' }, before: null, done: bucket('Standard'), other: null },
  { name: 'buckets.domains.custom.create', body: domain({}), before: null, done: domain({}), other: null },
]

test('every changing operation is in the tables', () => {
  const changing = operations.filter(({ changes }) => changes).map(({ name }) => name)
  const named = [...rows, ...removals, ...creations].map(({ name }) => name)
  expect(new Set(named)).toEqual(new Set(changing))
})

describe.each([...rows, ...removals, ...creations])(
  '$name with $body',
  ({ name, body, before, done, other }) => {
    test('happened when what it asks for is there, and was not', () => {
      expect(found(name, { body, before, now: done })).toBe('happened')
    })

    test('did not happen when what was there is there still', () => {
      expect(found(name, { body, before, now: before })).toBe('did_not_happen')
    })

    test('is unknown when something else is there', () => {
      if (other !== null) expect(found(name, { body, before, now: other })).toBe('unknown')
    })

    test('is unknown when what was there before is not on record', () => {
      expect(found(name, { body, now: done })).toBe('unknown')
      expect(found(name, { body, now: before })).toBe('unknown')
    })
  },
)

test.each(rows)(
  '$name with $body is unknown when what it asks for was there already',
  ({ name, body, done }) => {
    expect(found(name, { body, before: done, now: done })).toBe('unknown')
  },
)

test.each(removals)(
  '$name with $body did not happen when there was nothing to remove',
  ({ name, body, done }) => {
    expect(found(name, { body, before: done, now: done })).toBe('did_not_happen')
  },
)

test.each(creations)('$name did not happen when it was there already', ({ name, body, done }) => {
  expect(found(name, { body, before: done, now: done })).toBe('did_not_happen')
})
