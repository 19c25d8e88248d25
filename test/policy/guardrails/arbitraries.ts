import fc from 'fast-check'
import type { Guardrail, PolicyDocument } from '../../../src/policy/document.ts'
import { bucketName, bucketPattern, document as withoutGuardrails } from '../arbitraries.ts'
import { parse } from '../tools.ts'
import type { QuestionWithValues } from './naive.ts'

/** Random guardrails and values over few letters, so that they often meet, and often nearly. */

const DAY = 86_400
const bucketGlob = bucketPattern.map((pattern) => pattern.replaceAll(/\*{2,}/g, '*'))
const JURISDICTIONS = ['default', 'eu', 'us'] as const

const label = fc.constantFrom('a', 'b', 'xa', 'a-b')
const host = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'))
const scheme = fc.constantFrom('https', 'https', 'http')
const port = fc.constantFrom('', '', '', ':443', ':80', ':8443')
const star = fc.constantFrom('', '', '*.', 'a*.', 'a.*.', '*-b.', '*a.')

export const originPattern = fc
  .tuple(scheme, star, host, port)
  .map(([scheme, star, host, port]) => `${scheme}://${star}${host}${port}`)

/** Origins as they may be asked for, many of which no pattern covers. */
export const origin = fc.oneof(
  { weight: 6, arbitrary: originPattern },
  { weight: 2, arbitrary: originPattern.map((origin) => origin.toUpperCase()) },
  { weight: 1, arbitrary: originPattern.map((origin) => `${origin}/`) },
  { weight: 1, arbitrary: originPattern.map((origin) => `${origin}.`) },
  { weight: 1, arbitrary: originPattern.map((origin) => origin.replace('://', '://*')) },
  { weight: 1, arbitrary: originPattern.map((origin) => origin.replace('.', '.*.')) },
  { weight: 1, arbitrary: fc.constantFrom('*', 'null', 'https://*', '') },
)

const methods = fc.subarray(['GET', 'PUT', 'HEAD'])
const days = fc.integer({ min: 1, max: 4 })
const named = <T extends object>(options: fc.Arbitrary<T>) =>
  options.filter((given) => Object.keys(given).length > 0)

const kind = fc.oneof(
  named(
    fc.record(
      {
        origins: fc.array(originPattern, { maxLength: 3 }),
        anyOrigin: fc.boolean(),
        methods,
        maxAgeSeconds: fc.nat(3),
      },
      { requiredKeys: [] },
    ),
  ).map((cors) => ({ cors })),
  named(
    fc.record(
      {
        minDeleteAge: days.map((count) => `${count}d`),
        requirePrefix: fc.constant(true),
        minPrefixLength: fc.integer({ min: 1, max: 3 }),
        prefixes: fc.subarray(['a/', 'a', 'b/']),
        keepDefaultAbort: fc.constant(true),
      },
      { requiredKeys: [] },
    ),
  ).map((lifecycle) => ({ lifecycle })),
  fc.constant({ managedDomain: { public: false } }),
  fc
    .constantFrom('Standard', 'InfrequentAccess')
    .map((one) => ({ bucketCreation: { storageClasses: [one] } })),
)

const settings = fc.record(
  {
    mode: fc.constantFrom('enforce', 'enforce', 'warn', 'shadow'),
    buckets: fc.array(bucketGlob, { minLength: 1, maxLength: 2 }),
    jurisdictions: fc.array(fc.constantFrom(...JURISDICTIONS, '*'), { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
)

/** Guardrails of a document, each of a name of its own, checked like all of them. */
export const guardrails = (prefix: string): fc.Arbitrary<Guardrail[]> =>
  fc.array(fc.tuple(kind, settings), { maxLength: 3 }).map((given) => {
    const written = given.map(([kind, settings], index) => ({
      name: `${prefix}-${index}`,
      ...settings,
      ...kind,
    }))
    const { data } = parse({ version: 1, teams: { team: { guardrails: written } } })
    if (!data) throw new Error(`refused: ${JSON.stringify(written)}`)
    return data.teams.team?.guardrails ?? []
  })

/** A document with guardrails of the organization and the team `team`, which often is an owner. */
export const document: fc.Arbitrary<PolicyDocument> = fc
  .tuple(withoutGuardrails, guardrails('all'), guardrails('ours'), fc.boolean())
  .map(([document, ofAll, ofTeam, isOwner]) => {
    const organization = { deny: isOwner ? [] : document.organization.deny, guardrails: ofAll }
    const known = { grants: [], deny: [], limits: {}, ...document.teams.team }
    const owner = [{ role: 'owner', buckets: ['*'], jurisdictions: ['*' as const] }]
    const team = { ...known, ...(isOwner && { grants: owner, deny: [] }), guardrails: ofTeam }
    return { ...document, organization, teams: { ...document.teams, team } }
  })

const age = fc.oneof(days, fc.constantFrom(0, 0.5, 1.999)).map((count) => count * DAY)
const corsRule = fc.record(
  {
    allowed: fc.record({ origins: fc.array(origin, { minLength: 1, maxLength: 2 }), methods }),
    maxAgeSeconds: fc.nat(4),
  },
  { requiredKeys: ['allowed'] },
)
const lifecycleRule = fc.record(
  {
    enabled: fc.boolean(),
    id: fc.constantFrom('a', 'b'),
    conditions: fc.record({ prefix: fc.constantFrom('', 'a/', 'ab', null) }, { requiredKeys: [] }),
    abortMultipartUploadsTransition: fc.record({
      condition: fc.record({ type: fc.constant('Age'), maxAge: fc.constantFrom(DAY, 7 * DAY, 8 * DAY) }),
    }),
    storageClassTransitions: fc.constantFrom(null, [], [{ storageClass: 'InfrequentAccess' }]),
    deleteObjectsTransition: fc.oneof(
      { weight: 1, arbitrary: fc.constantFrom(null, {}) },
      {
        weight: 6,
        arbitrary: fc.record({
          condition: fc.oneof(
            fc.record({ type: fc.constant('Age'), maxAge: age }),
            fc.record({ type: fc.constant('Date'), date: fc.constant('2030-01-01T00:00:00Z') }),
          ),
        }),
      },
    ),
  },
  { requiredKeys: ['enabled'] },
)

const rulesOf = <T>(rule: fc.Arbitrary<T>) => fc.record({ rules: fc.array(rule, { maxLength: 2 }) })
const place = { jurisdiction: fc.constantFrom(...JURISDICTIONS), bucket: bucketName }

/** A change with its values, of the kinds that are read twice. */
export const asked: fc.Arbitrary<QuestionWithValues> = fc.oneof(
  fc.record({ ...place, operation: fc.constant('buckets.cors.update' as const), body: rulesOf(corsRule) }),
  fc.record({
    ...place,
    operation: fc.constant('buckets.lifecycle.update' as const),
    body: rulesOf(lifecycleRule),
  }),
  fc.record({
    ...place,
    operation: fc.constant('buckets.domains.managed.update' as const),
    body: fc.record({ enabled: fc.boolean() }),
  }),
)
