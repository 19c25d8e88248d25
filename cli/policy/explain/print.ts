import { reachInWords } from '../../../src/analysis/reach.ts'
import { brief } from '../../../src/analysis/words.ts'
import type { explainDecision } from '../../../src/policy/explain.ts'
import { table } from '../../table.ts'
import type { Output } from '../output.ts'

type Explanation = ReturnType<typeof explainDecision>

/** A decision for people: the verdict in one line, then every rule that was looked at. */
export function printDecision(explained: Explanation, { colors, print }: Output): void {
  const { allowed, team, operation, bucket, jurisdiction, detail, decidedBy } = explained
  const isWarned = explained.guardrails.some(({ mode, verdict }) => mode === 'warn' && verdict === 'violated')
  const verdict = explained.dependsOnValue
    ? colors.yellow('IT DEPENDS')
    : !allowed
      ? colors.red('DENIED')
      : isWarned
        ? colors.yellow('ALLOWED, with a warning')
        : colors.green('ALLOWED')
  const why =
    detail ?? `by ${decidedBy.rule} (${decidedBy.kind === 'grant' ? decidedBy.role : decidedBy.kind})`
  const where = bucket === null ? `in ${jurisdiction}` : `on ${jurisdiction}/${bucket}`
  print(`${verdict}  ${team}: ${operation} ${where}: ${why}`)
  printGrants(explained, { colors, print })
  printDenies(explained, { colors, print })
  printGuardrails(explained, { colors, print })
  if (explained.smallestScope !== null) {
    print(`\n${colors.bold('The smallest scope of a key that would not leave it out')}`)
    print(indented(explained.smallestScope.trimEnd()))
  }
  if (explained.smallestGrant !== null) {
    print(`\n${colors.bold('The smallest grant that would allow it')}, to merge into the document`)
    print(indented(explained.smallestGrant.trimEnd()))
  }
}

type Paper = Pick<Output, 'colors' | 'print'>

function printGrants({ grants, operation }: Explanation, { colors, print }: Paper): void {
  print(`\n${colors.bold('Grants')}${grants.length === 0 ? '  the team has none' : ''}`)
  if (grants.length === 0) return
  const rows = grants.map(({ rule, role, buckets, jurisdictions, givesPermission, coversBucket }) => {
    const lacks = [
      ...(givesPermission ? [] : [`does not give ${operation}`]),
      ...(coversBucket ? [] : ['does not cover the place']),
    ]
    const holds = lacks.length === 0 ? colors.green('holds') : colors.dim(lacks.join(', '))
    return [rule, role, reachInWords({ buckets, jurisdictions }), holds]
  })
  print(table(rows, '  '))
}

function printDenies({ deny, operation }: Explanation, { colors, print }: Paper): void {
  print(`\n${colors.bold('Deny rules')}${deny.length === 0 ? `  none speaks of ${operation}` : ''}`)
  if (deny.length === 0) return
  const rows = deny.map(({ rule, from, denies }) => [
    rule,
    from,
    denies ? colors.red('denies') : colors.dim('does not hold there'),
  ])
  print(table(rows, '  '))
}

function printGuardrails({ guardrails, operation }: Explanation, { colors, print }: Paper): void {
  print(
    `\n${colors.bold('Guardrails')}${guardrails.length === 0 ? `  none was asked about ${operation}` : ''}`,
  )
  for (const { guardrail, from, kind, mode, verdict, violations, allows } of guardrails) {
    const shown =
      verdict === 'passes'
        ? colors.green('passes')
        : verdict === 'depends'
          ? colors.yellow(`depends on the value; allows ${brief(allows, 200)}`)
          : colors[mode === 'enforce' ? 'red' : 'yellow']('violated')
    print(`  ${guardrail}  ${from}, ${kind}, ${mode}  ${shown}`)
    for (const { pointer, message, value, allowed } of violations) {
      print(`    ${pointer === '' ? 'the request' : pointer}: ${message}`)
      print(
        table(
          [
            ['value', brief(value)],
            ['allowed', brief(allowed, 200)],
          ],
          '      ',
        ),
      )
    }
  }
}

const indented = (text: string) => text.replaceAll(/^/gm, '  ')
