import { createMiddleware } from 'hono/factory'
import * as z from 'zod'
import { issuesOf } from '../../encoding/issues.ts'
import { ApiError, ERRORS, invalidRequest } from '../../errors.ts'
import { pointerTo } from '../../policy/pointer.ts'
import { bucketName } from '../../routes/fields.ts'
import type { Operation } from '../../routes/operation.ts'
import { parseJson } from '../../upstream/envelope.ts'
import type { AppEnv } from '../context.ts'
import { misdirectedJurisdiction } from './hints.ts'

const anyObject = z.record(z.string(), z.unknown())

/** Who is meant by a creation must be certain; the rest of a body is for upstream, and the guardrails, to judge. */
const naming = z.looseObject({ name: bucketName })

/**
 * Reads a body whatever its content type says: wrangler sends `text/plain`, the Python SDK `application/json`
 * with nothing in it. Fields that are not known here pass; what is read is what goes up, written anew.
 */
export function readBody({
  inHeaders,
  body: schema,
  bucket,
  isBare,
}: Pick<Operation, 'inHeaders' | 'body' | 'bucket' | 'isBare'>) {
  return createMiddleware<AppEnv>(async function readBody(context, next) {
    if (inHeaders && schema) {
      const fields = Object.entries(inHeaders).map(([field, header]) => [field, context.req.header(header)])
      const parsed = schema.safeParse(Object.fromEntries(fields))
      if (!parsed.success)
        throw new ApiError('invalid_request', 'The storage class specified is not valid.', storageClass)
      context.req.addValidatedData('json', parsed.data as object)
      return next()
    }
    const text = await context.req.text()
    if (isBare) {
      context.req.addValidatedData('json', objectIn(text))
      return next()
    }
    if (text === '' && bucket) throw malformed()
    if (text !== '') {
      const parsed = parse(text, bucket ? naming : anyObject)
      if (schema) demandRules(schema, parsed)
      context.req.addValidatedData('json', parsed)
    }
    return next()
  })
}

/**
 * Rules in a form of somebody else's (S3's `CORSRules`) would be passed over, and the ones that are there removed. A
 * body without any field says that there are to be none, as the SDKs send it.
 */
function demandRules(schema: z.ZodType, body: object): void {
  const names = Object.keys(body)
  if (!(schema instanceof z.ZodObject && Object.hasOwn(schema.shape, 'rules'))) return
  if (names.length === 0 || names.some((name) => Object.hasOwn(schema.shape, name))) return
  const [example] = schema.meta()?.examples ?? []
  const message = `is not known; expected a body such as ${JSON.stringify(example)}`
  throw invalidRequest(
    names.slice(0, MOST_NAMED).map((name) => ({ in: 'body', pointer: pointerTo(name), message })),
  )
}

const MOST_NAMED = 3

/** A name that is none is refused with the code by which clients tell it from any other mistake. */
function unnamed(value: unknown, { issues }: z.ZodError): ApiError {
  const { code, message, members } = invalidRequest(issuesOf('body', issues))
  const isName = typeof Object(value).name === 'string'
  const errors = [{ code: ERRORS[isName ? 'invalid_path' : code].v4, message }]
  return new ApiError(code, message, { members, passed: { status: 400, errors, messages: [] } })
}

/** As Cloudflare refuses it. */
const storageClass = {
  passed: {
    status: 400,
    errors: [{ code: 10062, message: 'The storage class specified is not valid.' }],
    messages: [],
  },
}

/** Deeper than any body of Cloudflare's. What judges and records a body walks into it, and must come out again. */
const MAX_DEPTH = 32

function isDeep(value: unknown, left = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return false
  return left === 0 || Object.values(value).some((inner) => isDeep(inner, left - 1))
}

function parse(text: string, schema: z.ZodType<Record<string, unknown>>): object {
  const value = toJson(text)
  if (!anyObject.safeParse(value).success || isDeep(value)) throw malformed()
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw unnamed(value, parsed.error)
  if (Object.hasOwn(parsed.data, 'jurisdiction')) throw misdirectedJurisdiction('body')
  return parsed.data
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed()
  }
}

/** For an operation that itself says which questions it takes: what is no object is none of them. */
function objectIn(text: string): object {
  const value = parseJson(text)
  return typeof value === 'object' && value !== null ? value : {}
}

const malformed = () => new ApiError('malformed_json', 'The JSON you provided was not well formed.')
