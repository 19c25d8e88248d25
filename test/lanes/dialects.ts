import { envelopeOf, sendV4 } from '../dialects/v4-examples.ts'
import { problemOf } from '../harness.ts'
import { type Example, examples } from '../routes/examples.ts'
import { send } from '../routes/perform.ts'

/** What is promised of changes in both dialects, asked in both. */

export interface Asking {
  readonly key: string
  readonly headers?: Record<string, string>
}

export interface Spoken {
  readonly dialect: 'v1' | 'v4'
  send(example: Example, asking: Asking): Promise<Response>
  /** What a refusal is called: the code of v1, the number of v4. */
  codeOf(response: Response): Promise<string | number | undefined>
}

export const v1: Spoken = {
  dialect: 'v1',
  send: (example, asking) => send(example, asking),
  codeOf: async (response) => (await problemOf(response)).code,
}

export const v4: Spoken = {
  dialect: 'v4',
  send: (example, asking) => sendV4(example, asking),
  codeOf: async (response) => (await envelopeOf(response)).errors[0]?.code,
}

export const DIALECTS = [v1, v4] as const

/** Examples in both dialects, as rows of a table. */
export const inBoth = <T extends { readonly name: string }>(all: readonly T[]) =>
  DIALECTS.flatMap((spoken) =>
    all.map((example) => ({ name: example.name, dialect: spoken.dialect, example, spoken })),
  )

/** Does what must come before an example, so that it can succeed. */
export async function prepare({ after }: Example, key: string): Promise<void> {
  const first = examples.find(({ name }) => name === after)
  if (first) await send(first, { key })
}

/** The example of an operation. */
export function exampleOf(name: string): Example {
  const found = examples.find((example) => example.name === name)
  if (!found) throw new TypeError(`there is no example of ${name}`)
  return found
}
