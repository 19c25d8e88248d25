import * as z from 'zod'
import { ApiError } from '../errors.ts'
import { JURISDICTIONS, STORAGE_CLASSES } from '../policy/names.ts'

/** The names that requests are made of, each parsed once, here. */

export const bucketName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    '3 to 63 lower-case letters, digits and hyphens, no hyphen at an end',
  )
  .meta({
    id: 'BucketName',
    description: 'Name of a bucket within its jurisdiction',
    examples: ['media-assets'],
  })

/** RFC 1123 host name, without a trailing dot; other scripts in their Punycode form (RFC 5891). Its case says nothing. */
export const hostname = z
  .string()
  .max(253)
  .regex(
    /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/,
    'a host name, other scripts in Punycode',
  )
  .meta({ id: 'Hostname', examples: ['cdn.media.example.com'] })

const hexId = (id: string, description: string) =>
  z
    .string()
    .regex(/^[0-9a-f]{32}$/, '32 hexadecimal digits in lower case')
    .meta({ id, description, examples: ['d41d8cd98f00b204e9800998ecf8427e'] })

export const queueId = hexId('QueueId', 'Id of a Cloudflare queue')
export const zoneId = hexId('ZoneId', 'Id of the Cloudflare zone that the domain is in')

export const jurisdiction = z.enum(JURISDICTIONS).meta({
  id: 'Jurisdiction',
  description: 'Where the objects are guaranteed to be stored. With the name it identifies a bucket.',
})

export const storageClass = z.enum(STORAGE_CLASSES).meta({
  id: 'StorageClass',
  description: 'Storage class for newly uploaded objects, unless specified otherwise',
})

export const recordId = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'a UUID in lower case')
  .meta({ id: 'RecordId', description: 'Id of a record in the audit trail: the id of the request' })

/** A file of the documentation's. */
const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,100}$/, 'the name of a file')

/** The parameters that may stand in a path, by name. */
export const pathParameters = {
  bucket: bucketName,
  domain: hostname,
  queueId,
  id: recordId,
  file: fileName,
} as const
export type PathParameter = keyof typeof pathParameters

/** The parameters that stand in a path, as Hono writes it. Others than these (`:account`) are a dialect's own. */
export const parametersIn = (path: string): PathParameter[] =>
  [...path.matchAll(/:(\w+)/g)].flatMap(([, name = '']) => (isPathParameter(name) ? [name] : []))

const isPathParameter = (name: string): name is PathParameter => Object.hasOwn(pathParameters, name)

/** Texts that were valid before, by parameter: most requests name what others have named. */
const valid = Object.fromEntries(
  Object.keys(pathParameters).map((name) => [name, new Set<string>()]),
) as Readonly<Record<PathParameter, Set<string>>>
const MAX_VALID = 10_000

/** Reads one parameter of the path of a request. A host is looked up, and judged, in lower case. */
export function readParameter(name: PathParameter, text: string | undefined): string {
  const known = valid[name]
  if (text !== undefined && known.has(text)) return text
  const parsed = parseParameter(name, text)
  if (known.size >= MAX_VALID) known.clear()
  known.add(parsed)
  return parsed
}

function parseParameter(name: PathParameter, text: string | undefined): string {
  const parsed = pathParameters[name].safeParse(text)
  if (parsed.success) return name === 'domain' ? parsed.data.toLowerCase() : parsed.data
  const detail = `The ${name} in the path is not valid: ${parsed.error.issues[0]?.message}.`
  throw new ApiError('invalid_path', detail)
}
