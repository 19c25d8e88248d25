import { beforeEach, describe, expect, test } from 'vitest'
import { KINDS } from '../../src/policy/guardrails/index.ts'
import { A, envelopeOf } from '../dialects/v4-examples.ts'
import { applyPolicy, call, createKey, emulator, everything } from '../harness.ts'
import { BUCKET, DOMAIN, examples, ZONE } from './examples.ts'

/** Under an enforced guardrail of an operation, v4 takes only the fields that the guardrail could judge. */

const own = `${A}/r2/buckets/${BUCKET}`

/** The same value with a field that nobody knows in each object of it, and where these are. */
function withUnknown(value: unknown, at = ''): { value: unknown; pointer: string }[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.entries(value).flatMap(([key, item]) =>
    withUnknown(item, `${at}/${key}`).map((one) => ({
      pointer: one.pointer,
      value: Array.isArray(value) ? value.with(Number(key), one.value) : { ...value, [key]: one.value },
    })),
  )
  if (Array.isArray(value)) return inner
  return [{ pointer: `${at}/notYetKnown`, value: { ...value, notYetKnown: { days: 1 } } }, ...inner]
}

const OPTIONS: Record<keyof typeof KINDS, unknown> = {
  bucketCreation: { storageClasses: ['Standard', 'InfrequentAccess'] },
  lifecycle: { minDeleteAge: '1d' },
  cors: { methods: ['GET', 'HEAD'] },
  customDomains: { hostnames: ['*.media.example.com'] },
  managedDomain: { public: false },
  eventNotifications: { actions: ['PutObject', 'CompleteMultipartUpload'] },
  locks: { minRetention: '1d' },
  sippy: { providers: ['aws'] },
}

/** Whoever turns everything off leaves a guardrail nothing to say. */
const guarded = Object.entries(KINDS).flatMap(([kind, { operations }]) =>
  examples
    .filter(({ name, body, sent }) => operations.includes(name) && body !== undefined && sent.body !== null)
    .flatMap((example) =>
      withUnknown(example.body).map(({ value, pointer }) => ({ kind, example, body: value, pointer })),
    ),
)

async function keyUnder(guardrail: Record<string, unknown>) {
  await applyPolicy({
    teams: { team: { grants: [everything], guardrails: [{ name: 'own', ...guardrail }] } },
  })
  return createKey('team')
}

beforeEach(emulator.reset)

/** Where a body has credentials, one may stand in the name of a field: it is said where it is, and not named. */
const said = (kind: string, pointer: string) =>
  kind === 'sippy'
    ? `${pointer.replace(/\/notYetKnown$/, '')}: has a field that is not known`
    : `${pointer}: is not known`

describe('an unknown field under an enforced guardrail of its operation', () => {
  test.each(guarded)(
    'is refused on v4: $example.name, $kind, $pointer',
    async ({ kind, example, body, pointer }) => {
      const key = await keyUnder({ [kind]: OPTIONS[kind as keyof typeof KINDS] })
      const response = await call(A + example.sent.path, { key, method: example.method, body })
      expect([response.status, await envelopeOf(response)]).toMatchObject([
        400,
        { errors: [{ code: 10040, message: expect.stringContaining(said(kind, pointer)) }] },
      ])
      expect(await emulator.changes()).toEqual([])
    },
  )

  test.each([
    ['warns', { mode: 'warn', cors: { methods: ['GET', 'HEAD'] } }],
    ['is of another operation', { locks: { minRetention: '1d' } }],
    ['is of other buckets', { buckets: ['other-*'], cors: { methods: ['GET', 'HEAD'] } }],
  ])('passes where the guardrail %s', async (_, guardrail) => {
    const body = { rules: [{ allowed: { origins: ['https://a.example.com'], methods: ['GET'] }, later: 1 }] }
    const key = await keyUnder(guardrail)
    await call(`${own}/cors`, { key, method: 'PUT', body })
    expect((await emulator.changes()).map((one) => JSON.parse(one.body))).toEqual([body])
  })

  test('is none where it repeats a name of the path, as wrangler repeats the domain', async () => {
    const key = await keyUnder({ customDomains: { hostnames: ['*.media.example.com'] } })
    await call(`${own}/domains/custom`, {
      key,
      method: 'POST',
      body: { domain: DOMAIN, zoneId: ZONE, enabled: true },
    })
    const body = { domain: DOMAIN, minTLS: '1.3' }
    expect((await call(`${own}/domains/custom/${DOMAIN}`, { key, method: 'PUT', body })).status).toBe(200)
  })

  test('is one where it says another name than the path', async () => {
    const key = await keyUnder({ customDomains: { hostnames: ['*.media.example.com'] } })
    const body = { domain: 'evil.example.com', minTLS: '1.3' }
    expect((await call(`${own}/domains/custom/${DOMAIN}`, { key, method: 'PUT', body })).status).toBe(400)
  })
})

describe.each(['cors', 'lifecycle', 'lock'])('rules of %s', (resource) => {
  test.each([
    ['S3 in JSON', { CORSRules: [] }],
    ['S3 in its own case', { Rules: [], TransitionDefaultMinimumObjectSize: 'varies' }],
  ])('in a form of somebody else’s are refused with the one that is expected: %s', async (_, body) => {
    const key = await keyUnder({ sippy: { providers: ['aws'] } })
    const response = await call(`${own}/${resource}`, { key, method: 'PUT', body })
    expect([response.status, await envelopeOf(response)]).toMatchObject([
      400,
      { errors: [{ code: 10040, message: expect.stringContaining('expected a body such as {"rules":[{') }] },
    ])
    expect(await emulator.changes()).toEqual([])
  })

  test('without any field are none, as the SDKs send it', async () => {
    const key = await keyUnder({ sippy: { providers: ['aws'] } })
    expect((await call(`${own}/${resource}`, { key, method: 'PUT', body: {} })).status).toBe(200)
  })
})
