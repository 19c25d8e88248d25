import { isGlob } from '../policy/match.ts'
import { any, type Condition, condition } from './condition.ts'

/** D1 refuses a longer one as too complex. */
const MAX_GLOB_BYTES = 50
const MAX_NAME_LENGTH = 63

/**
 * Whether a column holds one of these names or matches one of these globs, as `matches` of the policy has it:
 * their letters, digits, `-` and `*` mean to SQLite what they mean there. The patterns are bound as JSON, so that
 * any number of them is at most three of the 100 values that a statement of D1 may have.
 */
export function namesIn(column: 'bucket', patterns: readonly string[]): Condition {
  const kinds = Map.groupBy(patterns, kindOf)
  const conditions = [...kinds].map(([kind, ofKind]) => {
    const bound = kind === 'long' ? ofKind.map((glob) => [glob.slice(0, CUT), glob.slice(CUT)]) : ofKind
    return condition(SQL[kind](column), JSON.stringify(bound))
  })
  return any(conditions)
}

type Kind = 'name' | 'glob' | 'long'

const kindOf = (pattern: string): Kind =>
  isGlob(pattern) ? (pattern.length > MAX_GLOB_BYTES ? 'long' : 'glob') : 'name'

/** A text matches a glob when some cut through it leaves one part to each half of the glob, wherever that is cut. */
const CUT = 32
const CUTS = JSON.stringify(Array.from({ length: MAX_NAME_LENGTH + 1 }, (_, at) => at))

const SQL: Readonly<Record<Kind, (column: string) => string>> = {
  name: (column) => `${column} IN (SELECT value FROM json_each(?))`,
  glob: (column) => `EXISTS (SELECT 1 FROM json_each(?) AS glob WHERE ${column} GLOB glob.value)`,
  long: (column) => `EXISTS (
    SELECT 1 FROM json_each(?) AS glob, json_each('${CUTS}') AS cut
    WHERE substr(${column}, 1, cut.value) GLOB glob.value ->> 0
      AND substr(${column}, cut.value + 1) GLOB glob.value ->> 1)`,
}
