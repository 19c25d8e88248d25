import { isSameJson } from '../../encoding/canonical-json.ts'
import { implies } from '../stricter.ts'
import { type Lint, partsOf } from './warning.ts'

/**
 * Guardrails that another one of the same kind makes idle: it binds the same teams and buckets or more,
 * refuses the same values or more, and no less firmly. Of two that do the same, the second.
 */
export const shadowedGuardrails: Lint = (document) => {
  const all = partsOf(document).flatMap(({ path, guardrails }) =>
    guardrails.map((guardrail, index) => ({ guardrail, part: path, path: [...path, 'guardrails', index] })),
  )
  return all.flatMap(({ guardrail, part, path }, index) => {
    const by = all.find((other, place) => {
      const bindsToo = other.part[0] === 'organization' || isSameJson(other.part, part)
      if (place === index || !bindsToo || !implies(other.guardrail, guardrail)) return false
      return place < index || !implies(guardrail, other.guardrail)
    })
    if (!by) return []
    const message = `${guardrail.name} adds nothing to ${by.guardrail.name} (${by.path[0] === 'organization' ? "the organization's" : "the team's"}), which is as strict or stricter wherever this holds`
    return [{ rule: 'shadowed-guardrail' as const, path, message }]
  })
}
