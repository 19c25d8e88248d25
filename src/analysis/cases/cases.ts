import * as z from 'zod'
import { keyScope, type PolicyDocument } from '../../policy/document.ts'
import { jurisdiction } from '../../routes/fields.ts'
import { permissionNames } from '../../routes/index.ts'
import { instant } from '../../routes/r2/rules.ts'
import { OUTCOMES } from '../outcome.ts'
import { type CheckResult, checkText } from '../reading/checked.ts'
import type { Path } from '../reading/source.ts'
import { unknownNames } from '../scope.ts'
import { policyOfTeam } from '../team-policy.ts'
import { didYouMean } from '../words.ts'

/** Who asks for what, where, with which value, and what must come of it. */
const testCase = z.strictObject({
  name: z.string().min(1).max(200),
  team: z.string(),
  scope: keyScope.exactOptional(),
  operation: z.enum(permissionNames),
  bucket: z.string().exactOptional(),
  jurisdiction: jurisdiction.default('default'),
  domain: z.string().exactOptional(),
  queueId: z.string().exactOptional(),
  body: z.unknown().exactOptional(),
  /** As whose client the body is sent: on v4 it may have other fields and forms. */
  dialect: z.enum(['v1', 'v4']).default('v1'),
  /** What is there now, for guardrails that compare: by operation, or just the answer where one is read. */
  current: z.unknown().exactOptional(),
  now: instant.exactOptional(),
  expect: z.enum(OUTCOMES),
  by: z.string().exactOptional(),
})
export type Case = z.output<typeof testCase>

const shape = z.strictObject({ cases: z.array(testCase) })

/** Reads the cases for a policy. What they name must be in the policy: a typo would test nothing. */
export function checkCases(
  file: string,
  text: string,
  document: PolicyDocument,
): CheckResult<z.output<typeof shape>> {
  const schema = shape.superRefine(({ cases }, context) => {
    const refuse = (path: Path, message: string) =>
      context.addIssue({ code: 'custom', path: ['cases', ...path], message })
    const called = (what: string, given: string, known: readonly string[], path: Path) => {
      if (!known.includes(given))
        refuse(path, `${what} is called ${JSON.stringify(given)}${didYouMean(given, known)}`)
    }
    const names = new Set<string>()
    for (const [index, { name, team, scope, by }] of cases.entries()) {
      if (names.has(name)) refuse([index, 'name'], `a second case is called ${JSON.stringify(name)}`)
      names.add(name)
      called('no team', team, Object.keys(document.teams), [index, 'team'])
      for (const { path, what, name, known } of unknownNames(document, scope ?? {}))
        called(`no ${what}`, name, known, [index, 'scope', ...path])
      if (by !== undefined && Object.hasOwn(document.teams, team))
        called('no rule that binds the team', by, rulesOf(document, team), [index, 'by'])
    }
  })
  return checkText(file, text, {
    schema,
    jsonSchema: z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' }),
  })
}

/** All that can decide for a team. */
function rulesOf(document: PolicyDocument, team: string): string[] {
  const { grants, denies, guardrails } = policyOfTeam(document, team)
  return [
    ...grants.map(({ label }) => label),
    ...[...denies, ...guardrails].map(({ name }) => name),
    'no-grant',
    'out-of-scope',
  ]
}
