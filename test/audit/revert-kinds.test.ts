import { expect, test } from 'vitest'
import { sendV4 } from '../dialects/v4-examples.ts'
import { call, emulator, everything, keyWithGrants, problemOf } from '../harness.ts'
import { prepare } from '../lanes/dialects.ts'
import { BUCKET, changes, DOMAIN, QUEUE, ZONE } from '../routes/examples.ts'
import { askUpstream } from './past-the-warden.ts'
import { read } from './records.ts'
import { sources } from './sippy-sources.ts'
import { lockOf, undo } from './undoing.ts'
import { idOf } from './written.ts'

/** Undoing a change puts back what was there before it, of every kind of configuration. */

interface Step {
  readonly method: string
  /** Below the bucket, in v1 and upstream alike, unless `upstream` says otherwise. */
  readonly path: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

interface Kind {
  readonly name: string
  /** Where upstream has the configuration, below the account. */
  readonly at: string
  /** What is done past the warden first, below the account. */
  readonly first?: readonly Step[]
  /** The change, below `/v1`, made of what is there. */
  readonly change: (there: unknown) => Step
  /** Why undoing the undoing can't be. */
  readonly final?: string
}

const own = `/buckets/${BUCKET}`
const upstream = `/r2${own}`
const events = `/event_notifications/r2/${BUCKET}/configuration/queues/${QUEUE}`
const ownEvents = `${own}/event-notifications/queues/${QUEUE}`
const oneDomain = `${own}/domains/custom/${DOMAIN}`

const put = (path: string, body: unknown): Step => ({ method: 'PUT', path, body })
const remove = (path: string, body?: unknown): Step => ({
  method: 'DELETE',
  path,
  ...(body !== undefined && { body }),
})
const corsOf = (...origins: string[]) => ({ rules: [{ id: 'site', allowed: { origins, methods: ['GET'] } }] })
const lifecycleOf = (...prefixes: string[]) => ({
  rules: prefixes.map((prefix, index) => ({
    id: `rule-${index}`,
    enabled: true,
    conditions: { prefix },
    deleteObjectsTransition: { condition: { type: 'Age', maxAge: 86_400 } },
  })),
})
const rulesOf = (...prefixes: string[]) => ({
  rules: prefixes.map((prefix) => ({ actions: ['PutObject'], prefix, suffix: '.jpg', description: prefix })),
})
const domainOf = (more: object) => ({ domain: DOMAIN, zoneId: ZONE, enabled: true, ...more })
const added = (more: object): Step => ({
  method: 'POST',
  path: `${upstream}/domains/custom`,
  body: domainOf(more),
})

function idIn(there: unknown): string {
  const { rules } = there as { readonly rules: readonly { readonly ruleId: string }[] }
  return rules[0]?.ruleId ?? ''
}

const kinds: readonly Kind[] = [
  {
    name: 'a bucket, created',
    at: '/r2/buckets/media-new',
    change: () => ({ method: 'POST', path: '/buckets', body: { name: 'media-new', locationHint: 'weur' } }),
    final: 'The deletion of a bucket cannot be undone: create it anew.',
  },
  {
    name: 'a storage class, changed',
    at: upstream,
    change: () => ({ method: 'PATCH', path: own, body: { storageClass: 'InfrequentAccess' } }),
  },
  {
    name: 'a storage class, changed back',
    at: upstream,
    first: [{ method: 'PATCH', path: upstream, headers: { 'cf-r2-storage-class': 'InfrequentAccess' } }],
    change: () => ({ method: 'PATCH', path: own, body: { storageClass: 'Standard' } }),
  },
  {
    name: 'lifecycle rules, in place of those that every bucket has',
    at: `${upstream}/lifecycle`,
    change: () => put(`${own}/lifecycle`, lifecycleOf('logs/')),
  },
  {
    name: 'lifecycle rules, replaced',
    at: `${upstream}/lifecycle`,
    first: [put(`${upstream}/lifecycle`, lifecycleOf('a/', 'b/'))],
    change: () => put(`${own}/lifecycle`, lifecycleOf('c/')),
  },
  {
    name: 'lifecycle rules, emptied',
    at: `${upstream}/lifecycle`,
    first: [put(`${upstream}/lifecycle`, lifecycleOf('a/', 'b/'))],
    change: () => put(`${own}/lifecycle`, { rules: [] }),
  },
  {
    name: 'a CORS policy, set',
    at: `${upstream}/cors`,
    change: () => put(`${own}/cors`, corsOf('https://a.example.com')),
  },
  {
    name: 'a CORS policy, replaced',
    at: `${upstream}/cors`,
    first: [put(`${upstream}/cors`, corsOf('https://a.example.com', 'https://b.example.com'))],
    change: () => put(`${own}/cors`, corsOf('*')),
  },
  {
    name: 'a CORS policy, removed',
    at: `${upstream}/cors`,
    first: [put(`${upstream}/cors`, corsOf('https://a.example.com'))],
    change: () => remove(`${own}/cors`),
  },
  {
    name: 'an empty CORS policy, replaced',
    at: `${upstream}/cors`,
    first: [put(`${upstream}/cors`, { rules: [] })],
    change: () => put(`${own}/cors`, corsOf('*')),
  },
  {
    name: 'a custom domain, added',
    at: `/r2${oneDomain}`,
    change: () => ({ method: 'POST', path: `${own}/domains/custom`, body: domainOf({ minTLS: '1.2' }) }),
  },
  {
    name: 'a custom domain, changed',
    at: `/r2${oneDomain}`,
    first: [added({ minTLS: '1.2', ciphers: ['AES128-SHA'] })],
    change: () => put(oneDomain, { enabled: false, minTLS: '1.3', ciphers: [] }),
  },
  {
    name: 'a custom domain, turned off',
    at: `/r2${oneDomain}`,
    first: [added({})],
    change: () => put(oneDomain, { enabled: false }),
  },
  {
    name: 'a custom domain, removed',
    at: `/r2${oneDomain}`,
    first: [added({ enabled: false, minTLS: '1.1', ciphers: ['AES128-SHA'] })],
    change: () => remove(oneDomain),
  },
  {
    name: 'a managed domain, turned on',
    at: `${upstream}/domains/managed`,
    change: () => put(`${own}/domains/managed`, { enabled: true }),
  },
  {
    name: 'a managed domain, turned off',
    at: `${upstream}/domains/managed`,
    first: [put(`${upstream}/domains/managed`, { enabled: true })],
    change: () => put(`${own}/domains/managed`, { enabled: false }),
  },
  { name: 'event notifications, the first', at: events, change: () => put(ownEvents, rulesOf('a/', 'b/')) },
  {
    name: 'event notifications, more of them',
    at: events,
    first: [put(events, rulesOf('a/', 'b/'))],
    change: () => put(ownEvents, rulesOf('c/', 'd/')),
  },
  {
    name: 'event notifications, one removed by its id',
    at: events,
    first: [put(events, rulesOf('a/', 'b/'))],
    change: (there) => remove(ownEvents, { ruleIds: [idIn(there)] }),
  },
  {
    name: 'event notifications, the last removed by its id',
    at: events,
    first: [put(events, rulesOf('a/'))],
    change: (there) => remove(ownEvents, { ruleIds: [idIn(there)] }),
  },
  {
    name: 'event notifications, all removed',
    at: events,
    first: [put(events, rulesOf('a/', 'b/'))],
    change: () => remove(ownEvents),
  },
  { name: 'a lock, set', at: `${upstream}/lock`, change: () => put(`${own}/lock`, lockOf(60)) },
  {
    name: 'a lock, replaced',
    at: `${upstream}/lock`,
    first: [put(`${upstream}/lock`, lockOf(60))],
    change: () => put(`${own}/lock`, lockOf(3600)),
  },
  {
    name: 'a lock, lifted',
    at: `${upstream}/lock`,
    first: [put(`${upstream}/lock`, lockOf(60))],
    change: () => put(`${own}/lock`, { rules: [] }),
  },
  ...sources.map(({ name, body }) => ({
    name: `Sippy, turned on (${name})`,
    at: `${upstream}/sippy`,
    change: () => put(`${own}/sippy`, body),
    final: 'The credentials of the earlier source are not kept: turn Sippy on with them again.',
  })),
]

/** A configuration without what Cloudflare makes up itself. The order of notifications says nothing. */
function comparable(result: unknown): unknown {
  const plain: unknown = JSON.parse(
    JSON.stringify(result, (key, value: unknown) =>
      ['ruleId', 'createdAt'].includes(key) ? undefined : value,
    ),
  )
  if (typeof plain !== 'object' || plain === null || !('queueId' in plain && 'rules' in plain)) return plain
  const rules = plain.rules as readonly { readonly prefix: string }[]
  return { ...plain, rules: rules.toSorted((one, other) => (one.prefix < other.prefix ? -1 : 1)) }
}

const stateOf = async ({ at }: Kind, jurisdiction = 'default') =>
  comparable(await askUpstream(at, { jurisdiction }))

async function changed(kind: Kind, jurisdiction = 'default') {
  for (const { path, ...step } of kind.first ?? []) await askUpstream(path, { ...step, jurisdiction })
  const key = await keyWithGrants(everything)
  const before = await stateOf(kind, jurisdiction)
  const { path, ...step } = kind.change(await askUpstream(kind.at, { jurisdiction }))
  const response = await call(`/v1${path}?jurisdiction=${jurisdiction}`, { key, ...step })
  expect(response.ok).toBe(true)
  return { key, id: idOf(response), before, after: await stateOf(kind, jurisdiction) }
}

test.each(kinds)('$name, is undone: what was there before is there again', async (kind) => {
  const { key, id, before, after } = await changed(kind)
  expect(after).not.toEqual(before)
  const undone = await undo(key, id)
  expect(undone.status).toBe(200)
  expect(await undone.json()).toEqual({ reverted: id, operation: expect.stringMatching(/^buckets\./) })
  expect(await stateOf(kind)).toEqual(before)
})

test.each(kinds)('$name, in another jurisdiction, is undone there, on record as that', async (kind) => {
  const { key, id, before } = await changed(kind, 'eu')
  const undone = await undo(key, id)
  expect(await stateOf(kind, 'eu')).toEqual(before)
  const { operation } = await undone.json<{ operation: string }>()
  const [was, is] = [await read(key, id), await read(key, idOf(undone))]
  const { bucket, domain, queueId } = was
  const place = { jurisdiction: 'eu', bucket, domain, queueId }
  expect(was.reverts).toBeNull()
  expect(is).toMatchObject({ ...place, operation, reverts: id, outcome: 'happened', dialect: 'v1' })
  expect(is.before).toEqual(was.after)
})

test.each(kinds.filter(({ final }) => final === undefined))(
  '$name, is done again by undoing the undoing',
  async (kind) => {
    const { key, id, after } = await changed(kind)
    const undone = idOf(await undo(key, id))
    expect((await undo(key, undone)).status).toBe(200)
    expect(await stateOf(kind)).toEqual(after)
  },
)

test.each(kinds.filter(({ final }) => final !== undefined))(
  '$name, is not done again by undoing the undoing, and that is said',
  async (kind) => {
    const { key, id, before } = await changed(kind)
    const undone = idOf(await undo(key, id))
    const sent = (await emulator.received()).length
    const problem = await problemOf(undo(key, undone))
    expect(problem).toMatchObject({ status: 409, code: 'not_revertible', detail: kind.final })
    expect(await emulator.received()).toHaveLength(sent)
    expect(await stateOf(kind)).toEqual(before)
  },
)

test('a setting of a domain that was at Cloudflare’s default is put back to it', async () => {
  await askUpstream(`${upstream}/domains/custom`, added({}))
  const key = await keyWithGrants(everything)
  const response = await call(`/v1${oneDomain}`, {
    key,
    ...put('', { minTLS: '1.3', ciphers: ['AES128-SHA'] }),
  })
  expect((await undo(key, idOf(response))).status).toBe(200)
  expect(await askUpstream(`/r2${oneDomain}`)).toMatchObject({ enabled: true, minTLS: '1.0', ciphers: [] })
})

test.each([
  [
    'a bucket that was deleted',
    [],
    remove(own),
    'The deletion of a bucket cannot be undone: create it anew.',
  ],
  [
    'Sippy, replaced',
    [put(`${upstream}/sippy`, sources[0]?.body)],
    put(`${own}/sippy`, sources[1]?.body),
    'The credentials of the earlier source are not kept: turn Sippy on with them again.',
  ],
  [
    'Sippy, turned off',
    [put(`${upstream}/sippy`, sources[0]?.body)],
    remove(`${own}/sippy`),
    'The credentials of the earlier source are not kept: turn Sippy on with them again.',
  ],
])('%s cannot be brought back, and that is said', async (_, first, { path, ...step }, reason) => {
  for (const { path, ...one } of first) await askUpstream(path, one)
  const key = await keyWithGrants(everything)
  const response = await call(`/v1${path}`, { key, ...step })
  const sent = (await emulator.received()).length
  for (const query of ['', '?force=true', '?dryRun=true']) {
    const problem = await problemOf(undo(key, idOf(response), { query }))
    expect(problem).toMatchObject({ status: 409, code: 'not_revertible', detail: reason })
  }
  expect(await emulator.received()).toHaveLength(sent)
})

test.each(changes.filter(({ name }) => !['buckets.delete', 'buckets.sippy.delete'].includes(name)))(
  '$name that was made on v4 is undone like any other',
  async (example) => {
    const key = await keyWithGrants(everything)
    await prepare(example, key)
    const response = await sendV4(example, { key })
    expect((await undo(key, idOf(response))).status).toBe(200)
  },
)
