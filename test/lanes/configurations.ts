import { operations } from '../../src/routes/index.ts'
import { A } from '../dialects/v4-examples.ts'
import { call } from '../harness.ts'
import { BUCKET, type Example } from '../routes/examples.ts'
import { send } from '../routes/perform.ts'
import { exampleOf, prepare } from './dialects.ts'

/** What each change is about, as a caller reads it. */

/** Where v1 and v4 have what a change is about. */
export interface Configuration {
  readonly v1: string
  readonly v4: string
}

/** The readings of what some operation changes. */
export const tagged = [...new Set(operations.flatMap(({ changes }) => (changes ? [changes.reads] : [])))].map(
  exampleOf,
)

export function configurationOf({ name, body }: Example): Configuration {
  const reads = operations.find((operation) => operation.name === name)?.changes?.reads
  const { path, sent } = exampleOf(reads ?? name)
  const bucket = name === 'buckets.create' ? (body as { name: string }).name : BUCKET
  return { v1: `/v1${path.replace(BUCKET, bucket)}`, v4: A + sent.path.replace(BUCKET, bucket) }
}

/** The tag of what is there; `null` where there is nothing. */
export async function tagOf({ v1 }: Configuration, key: string): Promise<string | null> {
  return (await call(v1, { key })).headers.get('etag')
}

/** What puts something there, where a bucket has nothing by itself. */
const SETTERS: Readonly<Record<string, string>> = {
  'buckets.cors.update': 'buckets.cors.update',
  'buckets.eventNotifications.update': 'buckets.eventNotifications.update',
  'buckets.domains.custom.create': 'buckets.domains.custom.create',
  'buckets.create': 'buckets.create',
}

/** Sees to it that there is something for an example to change, and gives its tag. */
export async function putThere(example: Example, key: string): Promise<string> {
  await prepare(example, key)
  const setter = SETTERS[example.name]
  if (setter !== undefined) await send(exampleOf(setter), { key })
  const tag = await tagOf(configurationOf(example), key)
  if (tag === null) throw new TypeError(`there is nothing for ${example.name} to change`)
  return tag
}
