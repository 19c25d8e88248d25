import { applyPolicy, call, createKey, everything } from '../harness.ts'
import { keepSecret } from '../leak-watch.ts'
import { BUCKET, DOMAIN, QUEUE, SIPPY_SECRETS, ZONE } from './examples.ts'

for (const secret of SIPPY_SECRETS) keepSecret(secret)

/** One change that a guardrail of each kind refuses, and one like it that it lets pass. */
export interface Case {
  readonly kind: string
  readonly options: unknown
  readonly operation: string
  readonly method: string
  /** Below `/v1`. */
  readonly path: string
  readonly refused: unknown
  readonly passes: unknown
  readonly violation: {
    readonly pointer: string
    readonly message: string
    readonly value: unknown
    readonly allowed: unknown
  }
}

const own = `/buckets/${BUCKET}`
export const OTHER_QUEUE = 'd41d8cd98f00b204e9800998ecf8427e'
const [awsSecret, r2Secret] = SIPPY_SECRETS

const corsOf = (origin: string) => ({ rules: [{ allowed: { origins: [origin], methods: ['GET'] } }] })
const expiringAfter = (maxAge: number) => ({
  rules: [
    {
      id: 'expire',
      enabled: true,
      conditions: { prefix: 'logs/' },
      deleteObjectsTransition: { condition: { type: 'Age', maxAge } },
    },
  ],
})
const lockedFor = (maxAgeSeconds: number) => ({
  rules: [{ id: 'keep', enabled: true, condition: { type: 'Age', maxAgeSeconds } }],
})
export const sippyFrom = (bucket: string) => ({
  source: {
    provider: 'aws',
    bucket,
    region: 'us-east-1',
    accessKeyId: 'AK',
    secretAccessKey: awsSecret,
  },
  destination: { provider: 'r2', accessKeyId: 'AK', secretAccessKey: r2Secret },
})

export const cases: readonly Case[] = [
  {
    kind: 'bucketCreation',
    options: { locations: ['weur'] },
    operation: 'buckets.create',
    method: 'POST',
    path: '/buckets',
    refused: { name: 'media-new', locationHint: 'apac' },
    passes: { name: 'media-new', locationHint: 'weur' },
    violation: {
      pointer: '/locationHint',
      message: 'location apac is not allowed',
      value: 'apac',
      allowed: ['weur'],
    },
  },
  {
    kind: 'lifecycle',
    options: { minDeleteAge: '30d' },
    operation: 'buckets.lifecycle.update',
    method: 'PUT',
    path: `${own}/lifecycle`,
    refused: expiringAfter(2_591_999),
    passes: expiringAfter(2_592_000),
    violation: {
      pointer: '/rules/0/deleteObjectsTransition/condition/maxAge',
      message: 'deletes objects of 2591999 seconds, younger than 30d',
      value: 2_591_999,
      allowed: '30d (2592000 seconds) or more',
    },
  },
  {
    kind: 'cors',
    options: { origins: ['https://*.media.example.com'] },
    operation: 'buckets.cors.update',
    method: 'PUT',
    path: `${own}/cors`,
    refused: corsOf('https://evilmedia.example.com'),
    passes: corsOf('https://a.media.example.com'),
    violation: {
      pointer: '/rules/0/allowed/origins/0',
      message: 'origin https://evilmedia.example.com is not allowed',
      value: 'https://evilmedia.example.com',
      allowed: ['https://*.media.example.com'],
    },
  },
  {
    kind: 'customDomains',
    options: { hostnames: ['*.media.example.com'] },
    operation: 'buckets.domains.custom.create',
    method: 'POST',
    path: `${own}/domains/custom`,
    refused: { domain: 'media.example.com', zoneId: ZONE, enabled: true },
    passes: { domain: DOMAIN, zoneId: ZONE, enabled: true },
    violation: {
      pointer: '/domain',
      message: 'host media.example.com is not allowed',
      value: 'media.example.com',
      allowed: ['*.media.example.com'],
    },
  },
  {
    kind: 'managedDomain',
    options: { public: false },
    operation: 'buckets.domains.managed.update',
    method: 'PUT',
    path: `${own}/domains/managed`,
    refused: { enabled: true },
    passes: { enabled: false },
    violation: {
      pointer: '/enabled',
      message: 'the bucket may not be public at r2.dev',
      value: true,
      allowed: false,
    },
  },
  {
    kind: 'eventNotifications',
    options: { actions: ['PutObject'] },
    operation: 'buckets.eventNotifications.update',
    method: 'PUT',
    path: `${own}/event-notifications/queues/${QUEUE}`,
    refused: { rules: [{ actions: ['PutObject', 'DeleteObject'] }] },
    passes: { rules: [{ actions: ['PutObject'] }] },
    violation: {
      pointer: '/rules/0/actions/1',
      message: 'action DeleteObject is not allowed',
      value: 'DeleteObject',
      allowed: ['PutObject'],
    },
  },
  {
    kind: 'locks',
    options: { minRetention: '30d' },
    operation: 'buckets.locks.update',
    method: 'PUT',
    path: `${own}/lock`,
    refused: lockedFor(60),
    passes: lockedFor(2_592_000),
    violation: {
      pointer: '/rules/0/condition/maxAgeSeconds',
      message: 'a lock of 60 seconds is shorter than 30d',
      value: 60,
      allowed: 'Age, 30d (2592000 seconds) or more, or Indefinite',
    },
  },
  {
    kind: 'sippy',
    options: { sourceBuckets: ['old-*'] },
    operation: 'buckets.sippy.update',
    method: 'PUT',
    path: `${own}/sippy`,
    refused: sippyFrom('finance'),
    passes: sippyFrom('old-assets'),
    violation: {
      pointer: '/source',
      message: 'source finance is not allowed',
      value: 'finance',
      allowed: ['old-*'],
    },
  },
]

/** A key of a team that may do everything, but for these guardrails. */
export async function guardedKey(...guardrails: unknown[]): Promise<string> {
  await applyPolicy({ teams: { team: { grants: [everything], guardrails } } })
  return createKey('team')
}

/** A key of the same team before any guardrail, to put things in place. */
export async function freeKey(): Promise<string> {
  await applyPolicy({ teams: { team: { grants: [everything] } } })
  return createKey('team')
}

export const ask = (
  { method, path }: Pick<Case, 'method' | 'path'>,
  key: string,
  body: unknown,
  query = '',
) => call(`/v1${path}${query}`, { key, method, body })

export interface GuardrailProblem {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly violations: readonly ({ readonly guardrail: string } & Case['violation'])[]
}

export async function violationProblem(response: Response | Promise<Response>): Promise<GuardrailProblem> {
  return (await response).json()
}
