import { secondsOf } from '../../../src/policy/age.ts'
import type { KindName } from '../../../src/policy/guardrails/index.ts'
import type { Sample } from './samples.ts'

/** Values on both sides of what guardrails of a kind allow, given the options of all of them. */
export type SamplesOfKind = (operation: string, options: readonly unknown[]) => Sample[]

const TLS_VERSIONS = ['1.0', '1.1', '1.2', '1.3']
const NOWHERE = '0'.repeat(32)

export const SAMPLES_OF_KIND: Readonly<Record<KindName, SamplesOfKind>> = {
  bucketCreation: () =>
    [undefined, 'apac', 'eeur', 'enam', 'weur', 'wnam', 'oc'].flatMap((locationHint) =>
      ['Standard', 'InfrequentAccess'].map((storageClass) => ({
        body: { storageClass, ...(locationHint && { locationHint }) },
      })),
    ),
  lifecycle: (_, options) =>
    ['', 'tmp/'].flatMap((prefix) =>
      ages(options, 'minDeleteAge').map((maxAge) => ({
        body: {
          rules: [
            {
              id: 'expire',
              enabled: true,
              conditions: { prefix },
              deleteObjectsTransition: { condition: { type: 'Age', maxAge } },
            },
          ],
        },
      })),
    ),
  cors(_, options) {
    const origins = texts(options, 'origins').map((one) => one.replace('*', 'www'))
    const methods = spoken(options, 'methods') ? ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'] : ['GET']
    const headers = texts(options, 'headers').map((one) => one.replaceAll('*', 'custom'))
    const limits = numbers(options, 'maxAgeSeconds').flatMap((one) => [one, one + 1])
    return [...origins, 'https://www.example.net', '*'].flatMap((origin) =>
      methods.flatMap((method) =>
        [undefined, ...(headers.length > 0 ? ['x-other', ...headers] : [])].flatMap((header) =>
          [0, ...limits].map((maxAgeSeconds) => {
            const allowed = { origins: [origin], methods: [method], ...(header && { headers: [header] }) }
            return { body: { rules: [{ allowed, maxAgeSeconds }] } }
          }),
        ),
      ),
    )
  },
  customDomains(operation, options) {
    const domains = [...texts(options, 'hostnames').map((one) => one.replace('*', 'www')), 'www.example.net']
    const zones = [...texts(options, 'zoneIds'), NOWHERE]
    const versions = spoken(options, 'minTLS') ? TLS_VERSIONS : ['1.3']
    const counts = [0, ...numbers(options, 'maxCount').flatMap((one) => [Math.max(0, one - 1), one])]
    if (operation === 'buckets.domains.custom.delete') return domains.map((domain) => ({ domain }))
    if (operation === 'buckets.domains.custom.update')
      return domains.flatMap((domain) => versions.map((minTLS) => ({ domain, body: { minTLS } })))
    return domains.flatMap((domain) =>
      zones.flatMap((zoneId) =>
        versions.flatMap((minTLS) =>
          counts.map((count) => ({
            body: { domain, zoneId, enabled: true, minTLS },
            current: { 'buckets.domains.custom.list': { domains: Array(count).fill({}) } },
          })),
        ),
      ),
    )
  },
  managedDomain: () => [true, false].map((enabled) => ({ body: { enabled } })),
  eventNotifications(operation, options) {
    const queues = [...texts(options, 'queues'), NOWHERE]
    if (operation === 'buckets.eventNotifications.delete') return queues.map((queueId) => ({ queueId }))
    return queues.flatMap((queueId) =>
      ['PutObject', 'CopyObject', 'DeleteObject', 'CompleteMultipartUpload', 'LifecycleDeletion'].map(
        (action) => ({
          queueId,
          body: { rules: [{ actions: [action] }] },
        }),
      ),
    )
  },
  locks(operation, options) {
    const rule = (maxAgeSeconds: number) => ({
      rules: [{ id: 'keep', enabled: true, condition: { type: 'Age', maxAgeSeconds } }],
    })
    const there = [{ rules: [] }, rule(604_800)]
    const bodies = [{ rules: [] }, ...ages(options, 'minRetention').map(rule)]
    return there.flatMap((known) => {
      const current = { 'buckets.locks.get': known }
      return operation === 'buckets.locks.update' ? bodies.map((body) => ({ body, current })) : [{ current }]
    })
  },
  sippy: (_, options) =>
    [
      ...texts(options, 'sourceBuckets').map((one) => one.replaceAll('*', 'example')),
      'unknown-source',
    ].flatMap((bucket) => {
      const secrets = { accessKeyId: 'example', secretAccessKey: 'example' }
      const destination = { provider: 'r2', ...secrets }
      const [accountName, container] = bucket.split('/', 2)
      return [
        { provider: 'aws', bucket, region: 'us-east-1', ...secrets },
        { provider: 'gcs', bucket, clientEmail: 'example', privateKey: 'example' },
        {
          provider: 's3',
          bucketUrl: bucket.includes('://') ? bucket : `https://s3.example.com/${bucket}`,
          ...secrets,
        },
        { provider: 'azure', accountName, container: container ?? 'example', accountKey: 'example' },
      ].map((source) => ({ body: { source, destination } }))
    }),
}

function values(options: readonly unknown[], name: string): unknown[] {
  return options.flatMap((one) => {
    const value: unknown = Reflect.get(Object(one), name)
    return value === undefined ? [] : value
  })
}

const spoken = (options: readonly unknown[], name: string) => values(options, name).length > 0
const texts = (options: readonly unknown[], name: string) => [...new Set(values(options, name).map(String))]
const numbers = (options: readonly unknown[], name: string) => [...new Set(values(options, name).map(Number))]

/** Seconds on both sides of ages. */
function ages(options: readonly unknown[], name: string): number[] {
  return [
    3600,
    ...texts(options, name)
      .map(secondsOf)
      .flatMap((seconds) => [seconds - 1, seconds]),
  ]
}
