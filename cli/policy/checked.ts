import type * as z from 'zod'
import { Failure } from '../report.ts'
import { type Issue, messageOf } from './issue-words.ts'
import { type Path, type Problem, readLocated, readText, type Source } from './located.ts'
import { NO_COLORS, type Output } from './output.ts'

export type Checked<T> =
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

/** Reads a file and checks it by a schema. All problems are reported at once, in the order of the file. */
export function readChecked<T extends z.ZodType>(file: string, expected: Expected<T>): Checked<z.output<T>> {
  const read = readLocated(file, readText(file))
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

/** The same for people: where it stands in bold, and with what would be right. */
export function errorLine(
  { file, line, column, path, message, hint }: Problem,
  colors: Output['colors'],
): string {
  const place = colors.bold(`${file}:${line}:${column}:`)
  return `${place} ${path}: ${colors.red(message)}${hint === null ? '' : colors.dim(` (${hint})`)}`
}

/** What was read, or a failure that says all that is wrong with it. */
export function mustBeRight<T>(checked: Checked<T>, outcome: string): { data: T; source: Source } {
  if (checked.problems === null) return checked
  throw new Failure([...checked.problems.map((one) => errorLine(one, NO_COLORS)), outcome].join('\n'))
}
