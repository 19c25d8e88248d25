import * as z from 'zod'

const UNITS: ReadonlyMap<string, number> = new Map([
  ['h', 3600],
  ['d', 86_400],
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
