import { type Guardrail, kindsOf, MODES, type Mode } from '../policy/document.ts'
import { KINDS } from '../policy/guardrails/index.ts'
import { isWithin } from './reach.ts'

const strength = (mode: Mode) => -MODES.indexOf(mode)

/** Whether a guardrail does all that another does: there, to those values, and in as strong a way. */
export function implies(strict: Guardrail, loose: Guardrail): boolean {
  const [kind] = kindsOf(strict)
  return (
    kind !== undefined &&
    kindsOf(loose)[0] === kind &&
    strength(strict.mode) >= strength(loose.mode) &&
    isWithin(loose, strict) &&
    KINDS[kind].compare(strict[kind], loose[kind])
  )
}
