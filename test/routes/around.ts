import { operations } from '../../src/routes/index.ts'
import { BUCKET, type Example, examples } from './examples.ts'

/** What the warden reads around a change. */

/** The read of what a change is about: `buckets.create` names its bucket in the body. */
export function readOf({ name }: Example): Example {
  const reads = operations.find((one) => one.name === name)?.changes?.reads
  const reader = examples.find((one) => one.name === reads)
  if (!reader) throw new Error(`of what ${name} reads there is no example`)
  if (name !== 'buckets.create') return reader
  const named = (path: string) => path.replace(BUCKET, 'media-new')
  return { ...reader, path: named(reader.path), sent: { path: named(reader.sent.path) } }
}

/** What is removed whole need not be looked for afterwards. */
export const isReadAfterwards = ({ method }: Example) => method !== 'DELETE'

/** The reads of what some change is about: they carry an `ETag`. */
export const configurations: ReadonlySet<string> = new Set(
  operations.flatMap(({ changes }) => (changes ? [changes.reads] : [])),
)
