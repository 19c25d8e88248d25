import { expect, test } from 'vitest'
import { checkCases } from '../../src/analysis/cases/cases.ts'
import { coverageOf, percentOf } from '../../src/analysis/cases/coverage.ts'
import { runCase } from '../../src/analysis/cases/run.ts'
import { diffPolicies } from '../../src/analysis/diff/diff.ts'
import { warningsOn } from '../../src/analysis/lint/warnings.ts'
import { lineOf } from '../../src/analysis/reading/checked.ts'
import { checkPolicy } from '../../src/analysis/reading/policy.ts'

/** A policy is checked, tested and compared from texts alone, in the Workers runtime, where there are no files. */

const POLICY = `version: 1
teams:
  media:
    grants:
      - { role: editor, buckets: ["media-*"] }
      - { role: viewer, buckets: [media-site] }
    guardrails:
      - { name: read-only, cors: { anyOrigin: true, methods: [GET] } }
`
const CASES = `cases:
  - { name: reading, team: media, operation: buckets.cors.update, bucket: media-site, body: { rules: [{ allowed: { origins: ["*"], methods: [GET] } }] }, expect: allow }
  - { name: writing, team: media, operation: buckets.cors.update, bucket: media-site, body: { rules: [{ allowed: { origins: ["*"], methods: [PUT] } }] }, expect: deny, by: read-only }
`

function documentIn(text: string) {
  const { data, problems } = checkPolicy('policy.yaml', text)
  if (!data) throw new Error(problems.map(lineOf).join('\n'))
  return data
}

test('what is wrong is told by line and column', () => {
  const { problems } = checkPolicy('policy.yaml', POLICY.replace('role: editor', 'role: editer'))
  expect(problems).toMatchObject([{ line: 5, column: 17, hint: 'did you mean "editor"?' }])
})

test('what is said without being meant is a warning', () => {
  const warnings = warningsOn(documentIn(POLICY), null)
  expect(warnings).toMatchObject([
    { rule: 'contained-grant', path: ['teams', 'media', 'grants', 1] },
    { rule: 'open-values', path: ['teams', 'media', 'grants', 0] },
  ])
})

test('cases are run, and tell which rules they cover', () => {
  const document = documentIn(POLICY)
  const { data } = checkCases('cases.yaml', CASES, document)
  const results = data?.cases.map((one) => runCase(document, one)) ?? []
  expect(results.map(({ passed }) => passed)).toEqual([true, true])
  expect(percentOf(coverageOf(document, results))).toBe(66)
})

test('two documents are compared in words, with a request that shows it', () => {
  const looser = POLICY.replace('[GET]', '[GET, PUT]')
  const { teams } = diffPolicies(documentIn(POLICY), documentIn(looser), 1)
  expect(teams).toMatchObject([
    {
      gains: [{ text: 'guardrail read-only (cors, enforce) is looser: methods ["GET"] → ["GET","PUT"]' }],
      loses: [],
      examples: [
        { operation: 'buckets.cors.update', before: { result: 'deny' }, after: { result: 'allow' } },
      ],
    },
  ])
})
