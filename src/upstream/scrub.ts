import { parseJson } from './envelope.ts'

/** Shorter ones could stand for something else. */
const MIN_LETTERS = 8
/** What JSON, JSON that is quoted in JSON, and URLs each write in their own way. Letters and digits stay as they are. */
const BETWEEN = /\\+(?:u[0-9a-f]{4}|[bfnrt])?|%(?:25)*[0-9a-f]{2}|[^a-z0-9]/gi

/**
 * An answer of upstream's without the credentials that it was sent, should it repeat one. They are found by their
 * letters and digits, since nobody knows how often one was escaped on its way. Only texts are touched: no credential
 * changes the shape of an answer.
 */
export function withoutEchoes(secrets: readonly string[], text: string): string {
  const { letters } = lettersOf(text)
  const known = partsOf(secrets).filter((part) => letters.includes(part))
  if (known.length === 0) return text
  const answer = parseJson(text)
  if (answer === undefined) return without(known, text)
  return JSON.stringify(answer, (_, value: unknown) =>
    typeof value === 'string' ? without(known, value) : value,
  )
}

/** The letters of each credential, and of each line of one. */
function partsOf(secrets: readonly string[]): string[] {
  const parts = secrets.flatMap((secret) => [secret, ...secret.split(/[\r\n]+/)])
  const letters = parts.map((part) => lettersOf(part).letters)
  return [...new Set(letters)].filter(({ length }) => length >= MIN_LETTERS)
}

/** The letters and digits of a text, and where each of them stands. */
function lettersOf(text: string): { letters: string; places: number[] } {
  const kept: string[] = []
  const places: number[] = []
  const keep = (from: number, to: number) => {
    kept.push(text.slice(from, to))
    for (let place = from; place < to; place += 1) places.push(place)
  }
  let from = 0
  for (const { index, 0: between } of text.matchAll(BETWEEN)) {
    if (index > from) keep(from, index)
    from = index + between.length
  }
  keep(from, text.length)
  return { letters: kept.join(''), places }
}

function without(parts: readonly string[], text: string): string {
  const { letters, places } = lettersOf(text)
  const cuts = parts
    .flatMap((part) => cutsOf(part, letters, places))
    .sort((one, other) => one.from - other.from)
  let told = ''
  let end = 0
  for (const { from, to } of cuts) {
    if (from >= end) told += `${text.slice(end, from)}…`
    end = Math.max(end, to)
  }
  return told + text.slice(end)
}

function cutsOf(part: string, letters: string, places: readonly number[]) {
  const cuts: { from: number; to: number }[] = []
  for (let at = letters.indexOf(part); at !== -1; at = letters.indexOf(part, at + 1)) {
    const [from, last] = [places[at], places[at + part.length - 1]]
    if (from !== undefined && last !== undefined) cuts.push({ from, to: last + 1 })
  }
  return cuts
}
