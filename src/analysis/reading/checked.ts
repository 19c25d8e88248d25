import type * as z from 'zod'
import { type Issue, messageOf } from './issue-words.ts'
import { type Path, type Problem, readSource, type Source } from './source.ts'

export type CheckResult<T> =
  | { readonly data: T; readonly source: Source; readonly problems: null }
  | { readonly data: null; readonly problems: readonly Problem[] }

/** Says what would be right for a value that a schema refused, beyond what the schema itself tells. */
export type Hint = (path: Path, value: unknown, document: unknown) => string | null

export interface Expected<T extends z.ZodType> {
  readonly schema: T
  /** The same as JSON Schema: it tells which keys there are. */
  readonly jsonSchema: unknown
  readonly hint?: Hint
}

/** Reads a text and checks it by a schema. All problems are reported at once, in the order of the text. */
export function checkText<T extends z.ZodType>(
  file: string,
  text: string,
  expected: Expected<T>,
): CheckResult<z.output<T>> {
  const read = readSource(file, text)
  if (!read.source) return { data: null, problems: read.problems }
  const { source } = read
  const parsed = expected.schema.safeParse(source.value)
  if (parsed.success) return { data: parsed.data, source, problems: null }
  const problems = parsed.error.issues
    .flatMap((issue) => problemsOf(issue, source, expected))
    .sort((one, other) => one.line - other.line || one.column - other.column)
  return { data: null, problems }
}

function problemsOf(issue: Issue, source: Source, { jsonSchema, hint }: Expected<z.ZodType>): Problem[] {
  return messageOf(issue, source.value, jsonSchema).map(({ path, message, known, value }) =>
    source.problem(path, message, known ?? hint?.(path, value, source.value) ?? null),
  )
}

/** `file:line:column: path: message`, as editors and CI read it. */
export function lineOf({ file, line, column, path, message }: Problem): string {
  return `${file}:${line}:${column}: ${path}: ${message}`
}
