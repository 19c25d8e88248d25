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

/** The refusal for a path that names something of Cloudflare's that isn't offered; `null` for any other path. */
export function notOffered(path: string): ApiError | null {
  const below = /^\/client\/v4(\/.*)$/.exec(path)?.[1] ?? ''
  const found = NOT_OFFERED.find((one) => one.path.test(below))
  return found
    ? new ApiError('not_offered', `${found.name}: not offered by this warden; ${found.reason}.`)
    : null
}
