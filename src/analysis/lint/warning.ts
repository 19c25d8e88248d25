import type { PolicyDocument } from '../../policy/document.ts'
import type { Path } from '../reading/source.ts'

/** What a document may say but probably doesn't mean, and where. */
export interface Warning {
  readonly rule: WarningRule
  readonly path: Path
  readonly message: string
}

export const WARNING_RULES = [
  'contained-grant',
  'unmatched-pattern',
  'shadowed-guardrail',
  'idle-guardrail',
  'unused-role',
  'idle-deny',
  'idle-limit',
  'team-without-grants',
  'nobody-left',
  'swallowed-grant',
  'shared-buckets',
  'open-values',
] as const
export type WarningRule = (typeof WARNING_RULES)[number]

export type Lint = (document: PolicyDocument) => readonly Warning[]

/** A part of a document with the path to it, and what it is called in a message. */
export interface Part {
  readonly path: readonly string[]
  readonly deny: PolicyDocument['organization']['deny']
  readonly guardrails: PolicyDocument['organization']['guardrails']
  /** The teams that it binds. */
  readonly teams: readonly string[]
}

/** The parts that hold rules: the organization's, then each team's. */
export function partsOf({ organization, teams }: PolicyDocument): Part[] {
  return [
    { path: ['organization'], ...organization, teams: Object.keys(teams) },
    ...Object.entries(teams).map(([team, { deny, guardrails }]) => ({
      path: ['teams', team],
      deny,
      guardrails,
      teams: [team],
    })),
  ]
}
