import { existsSync } from 'node:fs'
import * as z from 'zod'
import { didYouMean } from '../../../src/analysis/words.ts'
import { type BucketRef, JURISDICTIONS } from '../../../src/policy/names.ts'
import { bucketName, jurisdiction } from '../../../src/routes/fields.ts'
import { Failure } from '../../report.ts'
import { readText } from '../files.ts'

/** The answer of `GET /v1/buckets`, or the list in it. */
const bucket = z.object({ name: bucketName, jurisdiction: jurisdiction.default('default') })
const answer = z.union([
  z.object({ buckets: z.array(bucket) }).transform(({ buckets }) => buckets),
  z.array(bucket),
])

/**
 * Reads which buckets there are: a file with one to a line, or what `GET /v1/buckets` answered, or names
 * between commas. `eu/media-assets` is the one in `eu`; a name alone is in `default`, as everywhere.
 */
export function readBucketList(given: string): BucketRef[] {
  const isFile = existsSync(given) || given.includes('.')
  if (!isFile) return given.split(',').map((text) => bucketOf(text.trim(), '--buckets'))
  const text = readText(given)
  if (/^\s*[[{]/.test(text)) return readAnswer(given, text)
  return text.split('\n').flatMap((line, index) => {
    const name = line.replace(/#.*/, '').trim()
    return name === '' ? [] : [bucketOf(name, `${given}:${index + 1}`)]
  })
}

function bucketOf(text: string, place: string): BucketRef {
  const [where, name] = text.includes('/') ? text.split('/', 2) : ['default', text]
  const jurisdictionName = jurisdiction.safeParse(where)
  if (!jurisdictionName.success)
    throw new Failure(
      `${place}: no jurisdiction is called ${JSON.stringify(where)}${didYouMean(where ?? '', JURISDICTIONS)}`,
    )
  const parsed = bucketName.safeParse(name)
  if (!parsed.success)
    throw new Failure(
      `${place}: ${JSON.stringify(name)} is neither a file nor a bucket: ${parsed.error.issues[0]?.message}`,
    )
  return { jurisdiction: jurisdictionName.data, name: parsed.data }
}

function readAnswer(file: string, text: string): BucketRef[] {
  try {
    return answer.parse(JSON.parse(text))
  } catch {
    throw new Failure(`${file}: expected what GET /v1/buckets answers, or a list of {name, jurisdiction}`)
  }
}
