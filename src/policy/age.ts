import * as z from 'zod'

const HOUR = 3600
const DAY = 86_400
const UNITS: ReadonlyMap<string, number> = new Map([
  ['h', HOUR],
  ['d', DAY],
])

/** Reads an age such as `30d` or `12h` as seconds; `null` for anything else. */
export function parseAge(text: string): number | null {
  const [, count, unit] = /^([1-9][0-9]{0,5})([hd])$/.exec(text) ?? []
  const seconds = UNITS.get(unit ?? '')
  return seconds === undefined ? null : Number(count) * seconds
}

/** An age in a document: written as text, kept as text, so that what is stored reads as it was written. */
export const age = z.string().refine((text) => parseAge(text) !== null, 'an age such as 30d or 12h')

/** The seconds of an age that the schema let through. */
export function secondsOf(text: string): number {
  return parseAge(text) ?? Number.POSITIVE_INFINITY
}

/** Seconds as a policy writes an age, where they are whole days or hours; what is sent has seconds. */
export function ageInWords(seconds: number): string {
  if (seconds > 0 && seconds % DAY === 0) return `${seconds / DAY}d`
  if (seconds > 0 && seconds % HOUR === 0) return `${seconds / HOUR}h`
  return `${seconds} seconds`
}

/** An age of a policy, with the seconds that stand for it in a request. */
export const ageWithSeconds = (text: string) => `${text} (${secondsOf(text)} seconds)`
