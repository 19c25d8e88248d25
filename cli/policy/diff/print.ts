import type { PolicyDiff, RoleDiff, TeamDiff } from '../../../src/analysis/diff/diff.ts'
import type { Example } from '../../../src/analysis/diff/examples.ts'
import { inWords } from '../../../src/analysis/permissions.ts'
import { brief } from '../../../src/analysis/words.ts'
import type { Output } from '../output.ts'

type Paper = Pick<Output, 'colors' | 'print'>

export function printDiff({ same, teams, roles }: PolicyDiff, output: Output): void {
  if (same) {
    output.print('Nothing changes: no team gains or loses anything.')
    return
  }
  for (const one of teams) printTeam(one, output)
  if (roles.length > 0) printRoles(roles, output)
  const gaining = teams.filter(({ gains }) => gains.length > 0).map(({ team }) => team)
  const losing = teams.filter(({ loses }) => loses.length > 0).map(({ team }) => team)
  output.print(`Gaining: ${list(gaining)}. Losing: ${list(losing)}.`)
}

function list(names: readonly string[]): string {
  if (names.length === 0) return 'no team'
  return names.length > 8 ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more` : names.join(', ')
}

function printTeam({ team, status, gains, loses, also, examples }: TeamDiff, { colors, print }: Paper): void {
  const note = { new: ' (a new team)', gone: ' (no longer a team)', kept: '' }[status]
  print(`${colors.bold(team)}${note}`)
  for (const { text } of gains) print(`  ${colors.green(`+ ${text}`)}`)
  for (const { text } of loses) print(`  ${colors.red(`- ${text}`)}`)
  for (const text of also) print(`  ~ ${text}`)
  if (gains.length + loses.length + also.length === 0) print('  nothing changes')
  if (examples.length > 0) print('  for example')
  for (const one of examples) printExample(one, { colors, print })
  print('')
}

function printExample(example: Example, { colors, print }: Paper): void {
  const { operation, bucket, jurisdiction, domain, queueId, body, before, after, effect } = example
  const where = bucket === null ? `in ${jurisdiction}` : `on ${jurisdiction}/${bucket}`
  const which = `${domain === undefined ? '' : ` of ${domain}`}${queueId === undefined ? '' : ` of queue ${queueId}`}`
  const paint = { gain: colors.green, loss: colors.red, other: colors.yellow }[effect]
  const answer = `${before.result} (${before.by.join(', ')}) → ${paint(after.result)} (${after.by.join(', ')})`
  print(`    ${operation} ${where}${which}: ${answer}`)
  const isJudged = [before, after].some(({ by, result }) => result !== 'allow' && !by.includes('no-grant'))
  if (body !== undefined && isJudged) print(colors.dim(`      with ${brief(body, 160)}`))
}

function printRoles(roles: readonly RoleDiff[], { colors, print }: Paper): void {
  print(colors.bold('Roles (keys may be narrowed to them)'))
  for (const { role, status, gains, loses } of roles) {
    const note = { new: 'is new', gone: 'is gone', kept: 'changes' }[status]
    print(`  ${role} ${note}`)
    if (gains.length > 0) print(`    ${colors.green(`+ ${inWords(gains)}`)}`)
    if (loses.length > 0) print(`    ${colors.red(`- ${inWords(loses)}`)}`)
  }
  print('')
}
