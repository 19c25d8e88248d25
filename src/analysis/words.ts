import { closestMatch } from 'leven'

/** `; did you mean "media"?` where something known is close to what was given, or nothing. */
export function didYouMean(given: string, known: Iterable<string>): string {
  const byLowerCase = new Map([...known].map((name) => [name.toLowerCase(), name]))
  const maxDistance = Math.max(given.length < 4 ? 1 : 2, Math.floor(given.length / 3))
  const closest = closestMatch(given.toLowerCase(), [...byLowerCase.keys()], { maxDistance })
  const name = closest === undefined ? undefined : byLowerCase.get(closest)
  return name === undefined ? '' : `; did you mean ${JSON.stringify(name)}?`
}

export const count = (number: number, one: string, many = `${one}s`) =>
  `${number} ${number === 1 ? one : many}`

/** A value in few characters, on one line. */
export function brief(value: unknown, most = 80): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}
