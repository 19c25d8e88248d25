import { ApiError } from '../../errors.ts'

/**
 * What clients may try of Cloudflare's API, and the warden does not offer, by the path below `/client/v4`. A 404
 * would make Terraform take a resource for gone, and drop it from its state.
 */
const NOT_OFFERED: readonly { readonly path: RegExp; readonly name: string; readonly reason: string }[] = [
  {
    path: /^\/accounts\/[^/]+\/r2\/buckets\/[^/]+\/objects(\/|$)/,
    name: 'Objects',
    reason: 'read and write them with the S3 API or a Worker binding',
  },
  {
    path: /^\/accounts\/[^/]+\/r2\/buckets\/[^/]+\/jobs(\/|$)/,
    name: 'Bucket jobs',
    reason: 'they delete or move objects by prefix, beyond what a guardrail sees',
  },
  {
    path: /^\/accounts\/[^/]+\/r2\/buckets\/[^/]+\/local-uploads$/,
    name: 'Local uploads',
    reason: 'they have no permission in the policy',
  },
  {
    path: /^\/accounts\/[^/]+\/r2\/temp-access-credentials$/,
    name: 'Temporary credentials',
    reason: 'they would act past the warden',
  },
  {
    path: /^\/accounts\/[^/]+\/slurper\//,
    name: 'Super Slurper',
    reason: 'it copies objects with credentials of its own',
  },
  {
    path: /^\/accounts\/[^/]+\/(r2-catalog|basin-catalog)(\/|$)/,
    name: 'Data Catalog',
    reason: 'it has no permission in the policy',
  },
  {
    path: /^\/(zones|accounts\/[^/]+\/(?!r2\/|event_notifications\/)[^/]+)(\/|$)/,
    name: 'Other products of Cloudflare',
    reason: 'it speaks for R2 buckets only',
  },
]

/** What is left, where no operation is: the last holds for anything. */
const ELSEWHERE: typeof NOT_OFFERED = [
  {
    path: /^\/accounts\/[^/]+\/(r2|event_notifications)(\/|$)/,
    name: 'This path of R2',
    reason: 'it offers what the R2 Buckets API had in August 2026',
  },
  { path: /^\/accounts\/[^/]+$/, name: 'The account itself', reason: 'it speaks for R2 buckets only' },
  { path: /^\/memberships\//, name: 'A single membership', reason: 'GET /memberships lists the only one' },
  { path: /^\/user(\/|$)/, name: 'This path of the user', reason: 'its user is the team of the key' },
  { path: /^/, name: 'Other products of Cloudflare', reason: 'it speaks for R2 buckets only' },
]

/** Verbs of Cloudflare's on paths that are offered with others. */
const NO_VERB: readonly { readonly verb: string; readonly path: RegExp; readonly reason: string }[] = [
  {
    verb: 'PUT',
    path: /\/r2\/buckets\/[^/]+$/,
    reason: 'create a bucket with POST, which can say where it is to be',
  },
  { verb: 'DELETE', path: /\/lock$/, reason: 'PUT the lock rules that are to stay' },
]

const BELOW = /^\/client\/v4(\/.*)$/

/**
 * The refusal for a verb that a path of v4 doesn't take; `null` for a path elsewhere. Cloudflare may well take it: who
 * was told 404 or 405 would think that it doesn't.
 */
export function verbNotOffered(path: string, verb: string, taken: readonly string[]): ApiError | null {
  if (!BELOW.test(path)) return null
  const known = NO_VERB.find((one) => one.verb === verb && one.path.test(path))
  const reason = known?.reason ?? `it offers ${taken.join(', ')} there`
  return new ApiError('not_offered', `${verb} on this path: not offered by this warden; ${reason}.`)
}

/** The refusal for a path that names something of Cloudflare's that isn't offered; `null` for any other path. */
export const notOffered = (path: string): ApiError | null => refusalFrom(NOT_OFFERED, path)

/** The same for a path that no operation is at: below `/client/v4` each of them is refused by a name. */
export const nothingOffered = (path: string): ApiError | null =>
  refusalFrom([...NOT_OFFERED, ...ELSEWHERE], path)

function refusalFrom(list: typeof NOT_OFFERED, path: string): ApiError | null {
  const below = BELOW.exec(path)?.[1]
  const found = below === undefined ? undefined : list.find((one) => one.path.test(below))
  return found
    ? new ApiError('not_offered', `${found.name}: not offered by this warden; ${found.reason}.`)
    : null
}
