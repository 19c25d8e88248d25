import { expect, test } from 'vitest'
import { policyDocument } from '../../src/policy/document.ts'
import { problemWithShared, readStoredPolicy, type StoredPolicy } from '../../src/policy/stored.ts'
import { operationNames, permissionNames } from '../../src/routes/index.ts'
import { answer, isAllowed, on } from './tools.ts'

const grants = [{ role: 'owner', buckets: ['*'], jurisdictions: ['*'] }]

function stored(change: Partial<StoredPolicy> = {}): StoredPolicy {
  const { teams, ...shared } = policyDocument(permissionNames).parse({
    version: 1,
    teams: { team: { grants } },
  })
  return {
    team: 'team',
    policyVersion: 1,
    policyProblem: null,
    sharedPolicy: JSON.stringify(shared),
    teamPolicy: JSON.stringify(teams.team),
    scope: null,
    ...change,
  }
}

test('what a checked document was stored as is read back', () => {
  expect(isAllowed(readStoredPolicy(stored()), on('buckets.get', 'assets'))).toBe(true)
})

test('the scope of a key is read with its policy', () => {
  const narrowed = readStoredPolicy(stored({ scope: JSON.stringify({ buckets: ['assets'] }) }))
  expect(isAllowed(narrowed, on('buckets.get', 'assets'))).toBe(true)
  expect(isAllowed(narrowed, on('buckets.get', 'other'))).toBe(false)
})

test('the limits of a team are read with its policy', () => {
  const limited = stored({ teamPolicy: JSON.stringify({ grants, limits: { buckets: 20 } }) })
  expect(readStoredPolicy(limited).limits).toEqual({ buckets: 20 })
})

test('a team part that was stored before there were limits has none', () => {
  const before = readStoredPolicy(
    stored({ teamPolicy: JSON.stringify({ grants, deny: [], guardrails: [] }) }),
  )
  expect(before.limits).toEqual({ buckets: null })
  expect(isAllowed(before, on('buckets.create', 'assets'))).toBe(true)
})

const broken: [string, Partial<StoredPolicy>][] = [
  ['that was never applied', { policyVersion: null, sharedPolicy: null, teamPolicy: null }],
  ['whose version has no row', { sharedPolicy: null }],
  ['with a problem on record', { policyProblem: 'line 3 is not YAML' }],
  ['whose shared part is not JSON', { sharedPolicy: '{' }],
  ['whose shared part is empty', { sharedPolicy: '' }],
  ['whose shared part is null', { sharedPolicy: 'null' }],
  ['whose shared part has a key that is not known', { sharedPolicy: '{"version":1,"extra":true}' }],
  ['whose shared part is of another version', { sharedPolicy: '{"version":2}' }],
  ['whose team part is not JSON', { teamPolicy: '{"grants":' }],
  ['whose team part is null', { teamPolicy: 'null' }],
  ['whose team part is a list', { teamPolicy: '[]' }],
  ['whose team part has a key that is not known', { teamPolicy: '{"allow":[]}' }],
  ['whose team part has a limit that is none', { teamPolicy: '{"limits":{"buckets":-1}}' }],
  ['whose team part has a limit that is not known', { teamPolicy: '{"limits":{"requestsPerMinute":600}}' }],
  ['whose scope is not JSON', { scope: 'viewer' }],
  ['whose scope is null', { scope: 'null' }],
  ['whose scope has a key that is not known', { scope: '{"bucket":["a"]}' }],
  ['whose scope is of another shape', { scope: '{"buckets":"a"}' }],
  ['whose scope is empty text', { scope: '' }],
]

test.each(broken)('a policy %s denies every operation', (_, change) => {
  const policy = readStoredPolicy(stored(change))
  const allowed = operationNames.filter(
    (operation) => isAllowed(policy, on(operation, 'assets')) || isAllowed(policy, on(operation, null)),
  )
  expect(allowed).toEqual([])
  expect(isAllowed(policy, { ...on('buckets.list', null), listing: true })).toBe(false)
})

test.each(broken)('a policy %s leaves room for no bucket', (_, change) => {
  expect(readStoredPolicy(stored(change)).limits).toEqual({ buckets: 0 })
})

test.each(broken)('a policy %s says that everything is denied, and why', (_, change) => {
  expect(answer(readStoredPolicy(stored(change)), on('buckets.get', 'assets'))).toMatchObject({
    code: 'forbidden',
    message: expect.stringMatching(/^Everything is denied, because .+\. See \/readyz\.$/),
  })
})

test('what is wrong inside a document is not told to callers', () => {
  const policy = readStoredPolicy(stored({ policyProblem: 'teams.secret-project: is not known' }))
  expect(JSON.stringify(answer(policy, on('buckets.get', 'assets')))).not.toContain('secret-project')
})

test('a team that has left the document may do nothing', () => {
  const gone = readStoredPolicy(stored({ teamPolicy: null }))
  expect(operationNames.filter((operation) => isAllowed(gone, on(operation, 'assets')))).toEqual([])
})

test('a stored shared part that cannot be read is a problem to report', () => {
  expect(problemWithShared('{"version":1}')).toBeNull()
  expect(problemWithShared('{}')).not.toBeNull()
  expect(problemWithShared('not JSON')).not.toBeNull()
})
