import { identityOf, markOf } from './identity.ts'
import type { Random } from './random.ts'

const JURISDICTIONS = ['default', 'eu'] as const
type Place = { readonly jurisdiction: (typeof JURISDICTIONS)[number]; readonly bucket: string }

/** One change as a client wants it. */
export interface Change extends Place {
  readonly operation: string
  readonly domain?: string
  readonly queueId?: string
  readonly body?: unknown
}

export const identityOfChange = (change: Change) =>
  identityOf({ ...change, said: JSON.stringify([change.domain, change.body]) })

/** Every kind of change that is made. */
export const CHANGED = [
  'buckets.create',
  'buckets.edit',
  'buckets.delete',
  'buckets.lifecycle.update',
  'buckets.cors.update',
  'buckets.cors.delete',
  'buckets.locks.update',
  'buckets.domains.custom.create',
  'buckets.domains.custom.update',
  'buckets.domains.custom.delete',
  'buckets.domains.managed.update',
  'buckets.eventNotifications.update',
  'buckets.eventNotifications.delete',
] as const

/** The buckets that all clients change, so that their changes meet in one lane. */
export const SHARED: readonly [Place, ...Place[]] = [
  { jurisdiction: 'default', bucket: 'soak-shared' },
  { jurisdiction: 'eu', bucket: 'soak-shared' }, // another bucket, of the same name
  ...Array.from({ length: 6 }, (_, index) => ({
    jurisdiction: 'default' as const,
    bucket: `soak-shared-${index}`,
  })),
]

const ZONE = '023e105f4ecef8ad9ca31a8372d0c353'
const QUEUE = 'd41d8cd98f00b204e9800998ecf8427e'
/** How many stories a client tells at a time: while one waits for its lane, the others go on. */
const STORIES = 4

/** What one client asks for, without end. Only the seed decides, never what was answered. */
export function* changesOf(random: Random, client: number): Generator<Change, never> {
  let marks = 0
  const mark = () => markOf(client, ++marks)
  const stories: Change[][] = Array.from({ length: STORIES }, () => [])
  for (;;) {
    const index = random.between(0, STORIES - 1)
    const [change, ...rest] = stories[index] ?? []
    stories[index] = change ? rest : newStory(random, client, mark)
    if (change) yield change
  }
}

/** Changes that follow each other. */
function newStory(random: Random, client: number, mark: () => string): Change[] {
  const tell = random.pick([oneSetting, oneSetting, oneSetting, aDomain, aBucket, aBucket, aMistake, aDenial])
  return tell(random, mark, client)
}

function oneSetting(random: Random, mark: () => string): Change[] {
  return [random.pick([cors, lifecycle, lock])(random.pick(SHARED), mark())]
}

function aDomain(random: Random, mark: () => string): Change[] {
  return domain(random.pick(SHARED), mark())
}

/** A bucket that is deleted as soon as it is there: neither may overtake the other. */
function aMistake(random: Random, mark: () => string, client: number): Change[] {
  const place = newPlace(random, mark, client)
  return [creation(place), deletion(place)]
}

/** The life of a bucket, with one of everything that can be done to it. */
function aBucket(random: Random, mark: () => string, client: number): Change[] {
  const place = newPlace(random, mark, client)
  const [addDomain, ...changeDomain] = domain(place, mark())
  const queue = { ...place, queueId: QUEUE }
  return [
    creation(place),
    ...random.shuffled([
      cors(place, mark()),
      lifecycle(place, mark()),
      lock(place, mark()),
      notification(queue, mark()),
      notification(queue, mark()),
      ...(addDomain ? [addDomain] : []),
      { operation: 'buckets.domains.managed.update', ...place, body: { enabled: true } },
      { operation: 'buckets.edit', ...place, body: { storageClass: 'InfrequentAccess' } },
    ]),
    { operation: 'buckets.cors.delete', ...place },
    ...changeDomain,
    { operation: 'buckets.eventNotifications.delete', ...queue },
    deletion(place),
  ]
}

/** What no grant allows: it is on record and goes nowhere. */
function aDenial(_random: Random, mark: () => string): Change[] {
  return [cors({ jurisdiction: 'default', bucket: 'finance-ledger' }, mark())]
}

const newPlace = (random: Random, mark: () => string, client: number): Place => ({
  jurisdiction: random.pick(JURISDICTIONS),
  bucket: `soak-${client}-${mark().split('-').at(-1)}`,
})

const creation = (place: Place): Change => ({
  operation: 'buckets.create',
  ...place,
  body: { name: place.bucket },
})

const deletion = (place: Place): Change => ({ operation: 'buckets.delete', ...place })

const cors = (place: Place, mark: string): Change => ({
  operation: 'buckets.cors.update',
  ...place,
  body: { rules: [{ id: mark, allowed: { origins: ['https://www.example.com'], methods: ['GET'] } }] },
})

const lifecycle = (place: Place, mark: string): Change => ({
  operation: 'buckets.lifecycle.update',
  ...place,
  body: {
    rules: [
      {
        id: mark,
        enabled: true,
        conditions: { prefix: 'logs/' },
        deleteObjectsTransition: { condition: { type: 'Age', maxAge: 2_592_000 } },
      },
    ],
  },
})

const lock = (place: Place, mark: string): Change => ({
  operation: 'buckets.locks.update',
  ...place,
  body: { rules: [{ id: mark, enabled: true, condition: { type: 'Age', maxAgeSeconds: 86_400 } }] },
})

const notification = (place: Place & { readonly queueId: string }, mark: string): Change => ({
  operation: 'buckets.eventNotifications.update',
  ...place,
  body: { rules: [{ actions: ['PutObject'], prefix: `${mark}/` }] },
})

function domain(place: Place, mark: string): Change[] {
  const host = `${mark}.example.com`
  const body = { domain: host, zoneId: ZONE, enabled: true }
  return [
    { operation: 'buckets.domains.custom.create', ...place, body },
    { operation: 'buckets.domains.custom.update', ...place, domain: host, body: { minTLS: '1.2' } },
    { operation: 'buckets.domains.custom.delete', ...place, domain: host },
  ]
}
