import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { applyPolicy, createKey, everything, problemOf } from '../harness.ts'
import { BUCKET, DOMAIN, examples, QUEUE } from './examples.ts'
import { type Answer, explained } from './explain-asking.ts'
import { perform, prepare, send } from './perform.ts'

/** The YAML that is offered to somebody who may not: applied, it allows that request and no other. */

interface Document {
  readonly roles?: Readonly<Record<string, unknown>>
  readonly teams: Readonly<Record<string, { readonly grants: readonly unknown[] }>>
}

/** What somebody has who pastes a fragment into a document: roles beside roles, grants behind grants. */
function merged(document: Document, fragment: Document): Document {
  const teams = { ...document.teams }
  for (const [team, { grants }] of Object.entries(fragment.teams))
    teams[team] = { ...teams[team], grants: [...(teams[team]?.grants ?? []), ...grants] }
  return { ...document, roles: { ...document.roles, ...fragment.roles }, teams }
}

const before: Document = { teams: { team: { grants: [] }, free: { grants: [everything] } } }

const questionOf = ({ name, path, body }: (typeof examples)[number]) => ({
  operation: name,
  ...(path.includes(BUCKET) && { bucket: BUCKET }),
  ...(path.includes(DOMAIN) && { domain: DOMAIN }),
  ...(path.includes(QUEUE) && { queueId: QUEUE }),
  ...(body !== undefined && { body }),
})

/** The offer to a team that has nothing. */
async function offered(question: object): Promise<Answer> {
  await applyPolicy(before)
  return explained(await createKey('team'), question)
}

/** A key of the team after the offer was pasted and applied. */
async function accepted({ smallestGrant }: Answer): Promise<string> {
  await applyPolicy(merged(before, parse(smallestGrant ?? '')))
  return createKey('team')
}

describe.each(examples)('$name', (example) => {
  test('succeeds once what was offered is applied', async () => {
    const key = await accepted(await offered(questionOf(example)))
    await prepare(example, { key: await createKey('free') })
    expect((await send(example, { key })).status).toBe(example.status)
  })

  test('is the only operation that the offer gives', async () => {
    const key = await accepted(await offered(questionOf(example)))
    for (const other of examples.filter(({ name }) => name !== example.name)) {
      expect(await explained(key, questionOf(other))).toMatchObject({ operation: other.name, allowed: false })
    }
  })
})

describe('an offer for one bucket', () => {
  const get = { operation: 'buckets.get', bucket: BUCKET }

  test.each(['shared-assets', 'media-asset', 'media-assets-2', 'media'])(
    'does not reach %s',
    async (bucket) => {
      const key = await accepted(await offered(get))
      expect(await explained(key, { ...get, bucket })).toMatchObject({ allowed: false })
    },
  )

  test.each(['eu', 'us', 'fedramp', 'fedramp-high'])(
    'does not reach the bucket of %s',
    async (jurisdiction) => {
      const key = await accepted(await offered(get))
      expect(await explained(key, { ...get, jurisdiction })).toMatchObject({ allowed: false })
    },
  )

  test('in another jurisdiction does not reach the one of default', async () => {
    const key = await accepted(await offered({ ...get, jurisdiction: 'eu' }))
    expect(await explained(key, { ...get, jurisdiction: 'eu' })).toMatchObject({ allowed: true })
    expect(await explained(key, get)).toMatchObject({ allowed: false })
  })

  test('gives nothing to another team', async () => {
    const { smallestGrant } = await offered(get)
    const document = { teams: { ...before.teams, other: { grants: [] } } }
    await applyPolicy(merged(document, parse(smallestGrant ?? '')))
    expect(await explained(await createKey('other'), get)).toMatchObject({ allowed: false })
  })

  test('takes nothing from what was there', async () => {
    const { smallestGrant } = await offered(get)
    const grants = [{ role: 'viewer', buckets: ['shared-assets'] }]
    await applyPolicy(merged({ teams: { team: { grants } } }, parse(smallestGrant ?? '')))
    const key = await createKey('team')
    expect(await explained(key, { ...get, bucket: 'shared-assets' })).toMatchObject({ allowed: true })
  })
})

test('several offers can be applied together', async () => {
  const offers = [
    await offered({ operation: 'buckets.get', bucket: BUCKET }),
    await offered({ operation: 'buckets.get', bucket: 'data-lake' }),
    await offered({ operation: 'buckets.cors.update', bucket: BUCKET }),
  ]
  const document = offers.reduce(
    (known, { smallestGrant }) => merged(known, parse(smallestGrant ?? '')),
    before,
  )
  await applyPolicy(document)
  const key = await createKey('team')
  expect(await explained(key, { operation: 'buckets.get', bucket: 'data-lake' })).toMatchObject({
    allowed: true,
  })
  expect(await explained(key, { operation: 'buckets.cors.update', bucket: 'data-lake' })).toMatchObject({
    allowed: false,
  })
})

test.each(['007', '1e3', '0x1f', 'null', 'true', '2026', '1-1'])(
  'a team called %s, which YAML could read as something else, is offered a grant of its own',
  async (team) => {
    const document = { teams: { [team]: { grants: [] } } }
    await applyPolicy(document)
    const { smallestGrant } = await explained(await createKey(team), {
      operation: 'buckets.get',
      bucket: BUCKET,
    })
    expect(Object.keys(parse(smallestGrant ?? '').teams)).toEqual([team])
  },
)

test('a key whose scope leaves the request out is offered a scope beside the grant: one alone would not do', async () => {
  await applyPolicy(before)
  const question = { operation: 'buckets.get', bucket: BUCKET }
  const offer = await explained(await createKey('team', { buckets: ['other'] }), question)
  await applyPolicy(merged(before, parse(offer.smallestGrant ?? '')))
  const { scope } = parse(offer.smallestScope ?? '')
  expect(scope).toEqual({ permissions: ['buckets.get'], buckets: [BUCKET], jurisdictions: ['default'] })
  expect(await explained(await createKey('team', scope), question)).toMatchObject({ allowed: true })
  expect(await explained(await createKey('team', { buckets: ['other'] }), question)).toMatchObject({
    allowed: false,
  })
})

test('a key of a team that has the grant is offered the scope alone', async () => {
  const key = await createKey('free', { role: 'viewer' })
  const offer = await explained(key, { operation: 'buckets.delete', bucket: BUCKET, jurisdiction: 'eu' })
  expect(offer.smallestGrant).toBeNull()
  expect(parse(offer.smallestScope ?? '')).toEqual({
    scope: { permissions: ['buckets.delete'], buckets: [BUCKET], jurisdictions: ['eu'] },
  })
})

test('a key whose scope names buckets is offered a listing, which it may have of those', async () => {
  await applyPolicy(before)
  const scope = { buckets: ['media-*'] }
  const offer = await explained(await createKey('team', scope), { operation: 'buckets.list' })
  await applyPolicy(merged(before, parse(offer.smallestGrant ?? '{"teams":{}}')))
  const key = await createKey('team', scope)
  expect(await explained(key, { operation: 'buckets.list' })).toMatchObject({ allowed: true })
})

test('an offer does not lift a guardrail: the value is refused for what it is', async () => {
  const guardrails = [{ name: 'closed', managedDomain: { public: false } }]
  const open = { operation: 'buckets.domains.managed.update', bucket: BUCKET, body: { enabled: true } }
  const { smallestGrant } = await offered(open)
  const document = { ...merged(before, parse(smallestGrant ?? '')), organization: { guardrails } }
  await applyPolicy(document)
  const managed = examples.filter(({ name }) => name === open.operation)
  for (const example of managed) {
    const { response } = await perform(example, { key: await createKey('team') })
    expect(await problemOf(response)).toMatchObject({ code: 'guardrail_violation' })
  }
})
