import { createMiddleware } from 'hono/factory'
import * as z from 'zod'
import { issuesOf } from '../../encoding/issues.ts'
import { ApiError, invalidRequest } from '../../errors.ts'
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
    if (text !== '') context.req.addValidatedData('json', parse(text, bucket ? naming : anyObject))
    else if (bucket) throw malformed()
    return next()
  })
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
  if (!parsed.success) throw invalidRequest(issuesOf('body', parsed.error.issues))
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
