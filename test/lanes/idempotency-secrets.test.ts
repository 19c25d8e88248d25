import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { emulator, everything, newKeyWithGrants } from '../harness.ts'
import { keepSecret } from '../leak-watch.ts'
import type { Example } from '../routes/examples.ts'
import { exampleOf, inBoth, v1 } from './dialects.ts'
import { keyed } from './repeating.ts'

/** What is kept of a request under its idempotency key shows nothing of it. */

const SECRET = 'source-secret-that-must-never-be-seen'
const TARGET = 'target-secret-that-must-never-be-seen'
for (const secret of [SECRET, TARGET]) keepSecret(secret)

const destination = { provider: 'r2', accessKeyId: 'AK', secretAccessKey: TARGET }
const sippy = (name: string, source: unknown): Example => ({
  ...exampleOf('buckets.sippy.update'),
  name,
  body: { source, destination },
})

const SOURCES = [
  sippy('aws', { provider: 'aws', bucket: 'old', region: 'r', accessKeyId: 'AK', secretAccessKey: SECRET }),
  sippy('gcs', { provider: 'gcs', bucket: 'old', clientEmail: 'a@b.example', privateKey: SECRET }),
  sippy('s3', {
    provider: 's3',
    bucketUrl: 'https://s3.example/old',
    accessKeyId: 'AK',
    secretAccessKey: SECRET,
  }),
  sippy('azure', { provider: 'azure', accountName: 'old', container: 'c', accountKey: SECRET }),
]

async function kept(): Promise<string> {
  const { results } = await env.DB.prepare('SELECT * FROM idempotency_keys').all()
  return JSON.stringify(results)
}

function expectNoSecret(rows: string): void {
  expect(rows).toContain('"answer":"{')
  for (const secret of [SECRET, TARGET]) expect(rows).not.toContain(secret)
}

test.each(inBoth(SOURCES))('$dialect: Sippy with $name leaves no credential', async ({ example, spoken }) => {
  const key = await newKeyWithGrants(everything)
  await spoken.send(example, keyed(key))
  expectNoSecret(await kept())
})

const REPEATED = [
  {
    status: 200,
    success: true,
    errors: [],
    messages: [SECRET],
    result: { enabled: true, echo: [SECRET, TARGET] },
  },
  {
    status: 400,
    success: false,
    errors: [{ code: 10040, message: `${SECRET} ${TARGET}` }],
    messages: [],
    result: null,
  },
]

describe.each(REPEATED)('credentials that Cloudflare repeats with $status', ({ status, ...envelope }) => {
  test.each(inBoth(SOURCES))('$dialect: of $name', async ({ example, spoken }) => {
    const key = await newKeyWithGrants(everything)
    await emulator.faults({ operation: 'buckets.sippy.update', status, body: JSON.stringify(envelope) })
    await spoken.send(example, keyed(key))
    expectNoSecret(await kept())
  })
})

test('the idempotency key itself is not kept', async () => {
  const key = await newKeyWithGrants(everything)
  await v1.send(exampleOf('buckets.cors.update'), keyed(key, 'customer-4711'))
  expect(await kept()).not.toContain('customer-4711')
})
