/** A place in the order of the listing. */
export interface Position {
  readonly at: number
  readonly number: number
}

/** Where a page of records ended, as text that is good in a URL. It grants nothing: policy is asked anew. */
export const encodeCursor = ({ at, number }: Position) => `${at.toString(BASE)}-${number.toString(BASE)}`

/** Reads a cursor; `null` for any text that `encodeCursor` would not have written. */
export function decodeCursor(text: string): Position | null {
  const [at = Number.NaN, number = Number.NaN] = text.split('-', 2).map((part) => Number.parseInt(part, BASE))
  const isPosition = Number.isSafeInteger(at) && Number.isSafeInteger(number)
  return isPosition && encodeCursor({ at, number }) === text ? { at, number } : null
}

const BASE = 36
