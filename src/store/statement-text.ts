import type { Statement, Value } from './statement.ts'

/** What may hold a `?` that stands for no value, and the places that do. */
const TOKENS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\?(\d*)/g

/**
 * A statement as text, for whoever takes no values beside it. It does what the statement does with its values bound:
 * this is the one place where a value becomes SQL.
 */
export function textOf({ sql, values }: Statement): string {
  let last = 0
  const text = sql.replaceAll(TOKENS, (token, digits: string | undefined) => {
    if (digits === undefined) return token
    const place = digits === '' ? last + 1 : Number(digits) // as SQLite numbers them
    last = Math.max(last, place)
    const value = values[place - 1]
    if (value === undefined) throw new TypeError(`no value is given for ?${place} in ${sql}`)
    return literal(value)
  })
  if (last !== values.length) throw new TypeError(`${values.length} values are too many for ${sql}`)
  return text
}

/** SQL ends at a NUL, and wrangler takes this for the statement that it is the beginning of, wherever it stands. */
const CUTS = /(\0)|(?<=BEGIN)(?= TRANSACTION)/

function literal(value: Value): string {
  if (value === null) return 'NULL'
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is not a whole number`)
    return value < 0 ? `(${value})` : String(value) // two minus signs would begin a comment
  }
  const [first = '', ...others] = value.split(CUTS).filter((part) => part !== undefined)
  const texts = [first, ...others].map((part) =>
    part === '\0' ? 'char(0)' : `'${part.replaceAll("'", "''")}'`,
  )
  return texts.length === 1 ? texts.join('') : `(${texts.join(' || ')})`
}
