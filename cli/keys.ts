import { type Command, InvalidArgumentError } from 'commander'
import * as z from 'zod'
import { makeKey } from '../src/identity/make-key.ts'
import { parseAge } from '../src/policy/age.ts'
import { type KeyScope, keyScope, sharedPart } from '../src/policy/document.ts'
import { matches } from '../src/policy/match.ts'
import { BUILT_IN_ROLES } from '../src/policy/roles.ts'
import { permissionNames } from '../src/routes/index.ts'
import { policyOfTeam } from '../src/store/policies.ts'
import { execute, query, type Target } from './d1.ts'
import { Failure } from './report.ts'

interface CreateOptions extends Target {
  readonly team: string
  readonly name: string
  readonly expires: number
  readonly role?: string
  readonly permissions?: string[]
  readonly buckets?: string[]
  readonly jurisdictions?: string[]
  readonly json: boolean
}

export function addKeysCommand(program: Command): void {
  const keys = program.command('keys').description('Team keys: what callers show the warden')

  keys
    .command('create')
    .description('Make a key of a team and print it, once: only a hash of it is stored')
    .requiredOption('--team <team>', 'the team whose grants it has')
    .requiredOption('--name <name>', 'what it is for, such as `ci` or `ana-laptop`', keyName)
    .option('--expires <age>', 'when it stops working: days or hours from now', age, parseAge('90d') ?? 0)
    .option('--role <role>', 'narrow it to a role')
    .option('--permissions <list>', 'narrow it to permissions, comma-separated', list)
    .option('--buckets <list>', 'narrow it to bucket names and globs, comma-separated', list)
    .option('--jurisdictions <list>', 'narrow it to jurisdictions, comma-separated', list)
    .option('--remote', 'in the deployed database, not the local one', false)
    .option('--json', 'print JSON', false)
    .addHelpText(
      'after',
      '\nExample:\n  npx warden keys create --team media --name ci --role viewer --expires 30d',
    )
    .action(async (options: CreateOptions) => {
      const scope = await checkScope(options)
      const { text, statement, id, expiresAt } = await makeKey({ ...options, scope })
      await execute([statement], options)
      const { team, name } = options
      if (options.json) return console.log(JSON.stringify({ id, team, name, scope, expiresAt, key: text }))
      console.log(text)
      console.error(`Key ${id} of team ${team}, valid until ${expiresAt}. It is not shown again.`)
    })
}

/** A key of a team or a role that doesn't exist would be refused everything: better said now. */
async function checkScope(options: CreateOptions): Promise<KeyScope | null> {
  const scope = readScope(options)
  const { team, role } = options
  const active = await query(policyOfTeam(team), options)
  if (!active) throw new Failure('No policy is in force yet. First: npx warden policy apply FILE')
  if (active.teamPolicy === null)
    throw new Failure(`The policy in force (version ${active.policyVersion}) has no team called ${team}.`)
  const { roles } = sharedPart.parse(JSON.parse(active.sharedPolicy))
  if (role !== undefined && !BUILT_IN_ROLES.has(role) && !Object.hasOwn(roles, role))
    throw new Failure(`No role is called ${role}.`)
  return scope
}

function readScope({ role, permissions, buckets, jurisdictions }: CreateOptions): KeyScope | null {
  const named = Object.entries({ role, permissions, buckets, jurisdictions }).filter(
    ([, value]) => value !== undefined,
  )
  if (named.length === 0) return null
  const scope = keyScope.safeParse(Object.fromEntries(named))
  if (!scope.success) throw new Failure(z.prettifyError(scope.error))
  const unknown = permissions?.find((pattern) => !permissionNames.some((name) => matches(pattern, name)))
  if (unknown !== undefined) throw new Failure(`No operation is called ${unknown}.`)
  return scope.data
}

function keyName(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$/.test(text))
    throw new InvalidArgumentError('Letters, digits, spaces, dots, underscores and hyphens, at most 63.')
  return text
}

function age(text: string): number {
  const seconds = parseAge(text)
  if (seconds === null) throw new InvalidArgumentError('Write days or hours, such as 90d or 12h.')
  return seconds
}

const list = (text: string) => text.split(',').map((part) => part.trim())
