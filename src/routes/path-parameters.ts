import { ApiError } from '../errors.ts'
import type { AppContext } from '../gateway/context.ts'
import { type PathParameter, pathParameters } from './fields.ts'

/** The parameters that stand in a path, as Hono writes it. */
export const parametersIn = (path: string) =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as PathParameter)

/** Reads one parameter of the path of a request. */
export function readParameter(name: PathParameter, context: AppContext): string {
  const parsed = pathParameters[name].safeParse(context.req.param(name))
  if (parsed.success) return parsed.data
  const detail = `The ${name} in the path is not valid: ${parsed.error.issues[0]?.message}.`
  throw new ApiError('invalid_path', detail)
}
