import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { policyDocument, policyJsonSchema } from '../../src/policy/document.ts'
import { permissionNames } from '../../src/routes/index.ts'

/** What editors make of a policy by its JSON Schema: the same as the warden, as far as a schema can say it. */

const isValid = new Ajv2020({ strict: false }).compile(JSON.parse(JSON.stringify(policyJsonSchema())))
const example: unknown = parse(readFileSync('policy/example.yaml', 'utf8'))

const accepts = (document: unknown) => policyDocument(permissionNames).safeParse(document).success
const withTeam = (part: unknown) => ({ version: 1, teams: { team: part } })
const withGuardrail = (guardrail: object) => withTeam({ guardrails: [{ name: 'rule', ...guardrail }] })

test('the example policy is valid', () => {
  expect(isValid(example)).toBe(true)
})

describe('both accept', () => {
  test.each<[string, unknown]>([
    ['the example', example],
    ['the smallest document', { version: 1, teams: {} }],
    ['a team that says nothing', withTeam({})],
    ['a grant without jurisdictions', withTeam({ grants: [{ role: 'viewer', buckets: ['*'] }] })],
    ['a limit', withTeam({ limits: { buckets: 20 } })],
    ['limits of nothing', withTeam({ limits: {} })],
    ['a guardrail of one kind', withGuardrail({ managedDomain: { public: false } })],
    ['a guardrail with a mode', withGuardrail({ mode: 'shadow', cors: { methods: ['GET'] } })],
  ])('%s', (_, document) => {
    expect([isValid(document), accepts(document)]).toEqual([true, true])
  })
})

describe('both refuse', () => {
  test.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'version: 1'],
    ['another version', { version: 2, teams: {} }],
    ['no teams', { version: 1 }],
    ['a key that is not known', { ...Object(example), extends: 'x' }],
    ['a key that is not known in a team', withTeam({ allow: [] })],
    [
      'a key that is not known in a grant',
      withTeam({ grants: [{ role: 'viewer', buckets: ['*'], until: 1 }] }),
    ],
    [
      'a key that is not known in a guardrail',
      withGuardrail({ managedDomain: { public: false }, unless: [] }),
    ],
    ['an option that is not known', withGuardrail({ cors: { methods: ['GET'], ports: [] } })],
    ['a kind that is not known', withGuardrail({ encryption: {} })],
    ['a mode that is not known', withGuardrail({ mode: 'off', managedDomain: { public: false } })],
    ['a guardrail without a name', withTeam({ guardrails: [{ managedDomain: { public: false } }] })],
    ['a public r2.dev', withGuardrail({ managedDomain: { public: true } })],
    ['a method in lower case', withGuardrail({ cors: { methods: ['get'] } })],
    ['a team in upper case', { version: 1, teams: { Media: {} } }],
    ['a bucket by a regular expression', withTeam({ grants: [{ role: 'viewer', buckets: ['a[b]'] }] })],
    ['no buckets', withTeam({ grants: [{ role: 'viewer', buckets: [] }] })],
    ['a limit below 0', withTeam({ limits: { buckets: -1 } })],
    ['a limit that is too high', withTeam({ limits: { buckets: 1_000_001 } })],
    ['a limit that is not whole', withTeam({ limits: { buckets: 2.5 } })],
    ['a limit that is not known', withTeam({ limits: { requestsPerMinute: 600 } })],
    [
      'a jurisdiction that is not there',
      withTeam({ grants: [{ role: 'viewer', buckets: ['*'], jurisdictions: ['mars'] }] }),
    ],
    [
      'a permission with a blank',
      { version: 1, roles: { mine: { permissions: ['buckets get'] } }, teams: {} },
    ],
  ])('%s', (_, document) => {
    expect([isValid(document), accepts(document)]).toEqual([false, false])
  })
})
