/**
 * Drives all 27 operations through v1 over HTTP. By hand, against whatever runs:
 *
 *     WARDEN_URL=http://localhost:8787 WARDEN_KEYS=.dev/demo-keys.json node test/node/drive.ts
 */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'

const QUEUE = 'd41d8cd98f00b204e9800998ecf8427e'
const ZONE = '023e105f4ecef8ad9ca31a8372d0c353'

interface Step {
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly body?: unknown
}

export interface Driven extends Step {
  readonly status: number
  readonly answer: string
}

interface Target {
  readonly baseUrl: string
  readonly key: string
}

/** Every operation at least once on a bucket of its own, in an order in which each succeeds. */
export async function drive(target: Target, jurisdiction = 'default'): Promise<Driven[]> {
  const bucket = `driven-${randomBytes(6).toString('hex')}`
  const driven: Driven[] = []
  for (const step of [...before(bucket), ...settings(bucket), ...after(bucket)])
    driven.push(await take(step, target, jurisdiction))
  return driven
}

const before = (name: string): Step[] => [
  {
    operation: 'buckets.create',
    method: 'POST',
    path: '/buckets',
    body: { name, locationHint: 'weur', storageClass: 'Standard' },
  },
  { operation: 'buckets.list', method: 'GET', path: '/buckets?perPage=3&nameContains=driven' },
  { operation: 'buckets.list', method: 'GET', path: '/buckets?direction=desc' },
  { operation: 'buckets.get', method: 'GET', path: `/buckets/${name}` },
  {
    operation: 'buckets.edit',
    method: 'PATCH',
    path: `/buckets/${name}`,
    body: { storageClass: 'InfrequentAccess' },
  },
  { operation: 'buckets.metrics.list', method: 'GET', path: '/metrics' },
]

function settings(name: string): Step[] {
  const path = `/buckets/${name}`
  return [...rules(path), ...domains(path), ...notifications(path), ...sippy(path)]
}

const after = (name: string): Step[] => [
  { operation: 'buckets.delete', method: 'DELETE', path: `/buckets/${name}` },
]

const rules = (bucket: string): Step[] => [
  { operation: 'buckets.lifecycle.get', method: 'GET', path: `${bucket}/lifecycle` },
  {
    operation: 'buckets.lifecycle.update',
    method: 'PUT',
    path: `${bucket}/lifecycle`,
    body: {
      rules: [
        {
          id: 'expire-logs',
          enabled: true,
          conditions: { prefix: 'logs/' },
          deleteObjectsTransition: { condition: { type: 'Age', maxAge: 2_592_000 } },
          abortMultipartUploadsTransition: { condition: { type: 'Age', maxAge: 604_800 } },
          storageClassTransitions: [
            { condition: { type: 'Date', date: '2030-01-01T00:00:00Z' }, storageClass: 'InfrequentAccess' },
          ],
        },
      ],
    },
  },
  { operation: 'buckets.lifecycle.get', method: 'GET', path: `${bucket}/lifecycle` },
  {
    operation: 'buckets.cors.update',
    method: 'PUT',
    path: `${bucket}/cors`,
    body: {
      rules: [
        {
          id: 'site',
          allowed: { origins: ['https://www.example.com'], methods: ['GET', 'HEAD'], headers: ['x-a'] },
          exposeHeaders: ['etag'],
          maxAgeSeconds: 3600,
        },
      ],
    },
  },
  { operation: 'buckets.cors.get', method: 'GET', path: `${bucket}/cors` },
  { operation: 'buckets.cors.delete', method: 'DELETE', path: `${bucket}/cors` },
  {
    operation: 'buckets.locks.update',
    method: 'PUT',
    path: `${bucket}/lock`,
    body: {
      rules: [
        { id: 'a-month', enabled: true, prefix: 'a/', condition: { type: 'Age', maxAgeSeconds: 2_592_000 } },
        { id: 'until', enabled: true, condition: { type: 'Date', date: '2030-01-01T00:00:00Z' } },
        { id: 'for-ever', enabled: false, prefix: 'z/', condition: { type: 'Indefinite' } },
      ],
    },
  },
  { operation: 'buckets.locks.get', method: 'GET', path: `${bucket}/lock` },
  { operation: 'buckets.locks.update', method: 'PUT', path: `${bucket}/lock`, body: { rules: [] } },
]

function domains(bucket: string): Step[] {
  const domain = `${randomBytes(6).toString('hex')}.example.com`
  const one = `${bucket}/domains/custom/${domain}`
  return [
    {
      operation: 'buckets.domains.custom.create',
      method: 'POST',
      path: `${bucket}/domains/custom`,
      body: { domain, zoneId: ZONE, enabled: true, minTLS: '1.2' },
    },
    { operation: 'buckets.domains.custom.list', method: 'GET', path: `${bucket}/domains/custom` },
    { operation: 'buckets.domains.custom.get', method: 'GET', path: one },
    {
      operation: 'buckets.domains.custom.update',
      method: 'PUT',
      path: one,
      body: { enabled: false, minTLS: '1.3', ciphers: ['ECDHE-RSA-AES128-GCM-SHA256'] },
    },
    { operation: 'buckets.domains.custom.delete', method: 'DELETE', path: one },
    { operation: 'buckets.domains.managed.list', method: 'GET', path: `${bucket}/domains/managed` },
    {
      operation: 'buckets.domains.managed.update',
      method: 'PUT',
      path: `${bucket}/domains/managed`,
      body: { enabled: false }, // public at r2.dev is what the example policy refuses to everybody
    },
  ]
}

function notifications(bucket: string): Step[] {
  const one = `${bucket}/event-notifications/queues/${QUEUE}`
  return [
    {
      operation: 'buckets.eventNotifications.update',
      method: 'PUT',
      path: one,
      body: { rules: [{ actions: ['PutObject', 'CopyObject'], prefix: 'uploads/', suffix: '.jpg' }] },
    },
    { operation: 'buckets.eventNotifications.list', method: 'GET', path: `${bucket}/event-notifications` },
    { operation: 'buckets.eventNotifications.get', method: 'GET', path: one },
    { operation: 'buckets.eventNotifications.delete', method: 'DELETE', path: one },
  ]
}

const sippy = (bucket: string): Step[] => [
  {
    operation: 'buckets.sippy.update',
    method: 'PUT',
    path: `${bucket}/sippy`,
    body: {
      source: {
        provider: 'aws',
        bucket: 'old-assets',
        region: 'us-east-1',
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
        secretAccessKey: 'sippy-source-secret-of-the-driver',
      },
      destination: {
        provider: 'r2',
        accessKeyId: '0123456789abcdef0123456789abcdef',
        secretAccessKey: 'sippy-destination-secret-of-the-driver',
      },
    },
  },
  { operation: 'buckets.sippy.get', method: 'GET', path: `${bucket}/sippy` },
  { operation: 'buckets.sippy.delete', method: 'DELETE', path: `${bucket}/sippy` },
]

async function take(step: Step, { baseUrl, key }: Target, jurisdiction: string): Promise<Driven> {
  const { method, path, body } = step
  const url = new URL(`${baseUrl}/v1${path}`)
  if (jurisdiction !== 'default' && path !== '/metrics') url.searchParams.set('jurisdiction', jurisdiction)
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { ...step, status: response.status, answer: await response.text() }
}

async function main(): Promise<void> {
  const { WARDEN_URL = 'http://localhost:8787', WARDEN_KEYS = '.dev/demo-keys.json' } = process.env
  const keys: Record<string, string> = JSON.parse(readFileSync(WARDEN_KEYS, 'utf8'))
  const target = { baseUrl: WARDEN_URL, key: keys['platform-owner'] ?? '' }
  const driven = [...(await drive(target)), ...(await drive(target, 'eu'))]
  for (const { status, operation, method, path, answer } of driven)
    console.log(`${status} ${operation}  ${method} ${path}${status < 300 ? '' : `\n    ${answer}`}`)
  const failed = driven.filter(({ status }) => status >= 300).length
  const operations = new Set(driven.map(({ operation }) => operation)).size
  console.log(`${driven.length} calls of ${operations} operations, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
}

if (import.meta.main) await main()
