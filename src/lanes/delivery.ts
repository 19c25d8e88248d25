import { ApiError } from '../errors.ts'
import { verdictsOf, violationsOf } from '../policy/explain.ts'
import { upstreamCall } from '../upstream/call.ts'
import { createUpstream, type UpstreamResponse } from '../upstream/client.ts'
import { readAfterwards } from './configuration.ts'
import type { Deps } from './deps.ts'
import type { Journal } from './journal.ts'
import { bucketOf, type PreparedChange } from './prepared-change.ts'
import { type Done, failedWith } from './protocol.ts'

/** How long a change that has happened keeps its caller waiting for what came of it. */
const LOOK_MS = 5_000
/** More would tell nobody more, and an answer has to fit where it is kept. */
const MAX_WARNINGS = 100

/** Sends a change that has begun, and records how it ended. */
export async function deliver(change: PreparedChange, { journal }: Deps): Promise<Done> {
  const { operation, request, settings, decision, upstream } = change
  const { params, headers, body } = request
  let response: UpstreamResponse
  try {
    response = await upstream.call(upstreamCall(operation)({ params, headers, body }))
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw await recordFailure(error, journal)
  }
  const { result, result_info, messages, status, cfRay } = response
  const looking = createUpstream({ ...settings, deadlineMs: Math.min(settings.deadlineMs, LOOK_MS) })
  const after = await readAfterwards(operation, request, bucketOf(change).name, looking).catch(() => null)
  const done: Done = {
    kind: 'done',
    result,
    ...(result_info !== undefined && { result_info }),
    messages: [...messages],
    entityTag: after?.entityTag ?? null,
    warnings: violationsOf(verdictsOf(decision), 'warn').slice(0, MAX_WARNINGS),
  }
  const outcome = {
    outcome: 'happened',
    reconciled: false,
    code: null,
    upstreamStatus: status,
    cfRay,
  } as const
  // It happened, and the lane remembers that: should the store be away now, that is no news for the caller.
  const kept = { ...(request.claim && { answer: JSON.stringify(done) }), ...(after && { after: after.text }) }
  await journal.end({ ...outcome, ...kept }).catch(() => undefined)
  return done
}

async function recordFailure(error: ApiError, journal: Journal): Promise<ApiError> {
  const { code, reached } = error
  const told = { code, upstreamStatus: reached?.status ?? null, cfRay: reached?.cfRay ?? null }
  if (reached?.isUncertain) {
    const answer = uncertain(error, journal.pending?.record.id ?? '')
    // A 502 or 504 of whatever stands before the API says nothing of what the API is still doing.
    const isOfTheApi = reached.status !== null && (reached.status < 500 || error.passed !== null)
    await journal.postpone(told, {
      mayStillArrive: !isOfTheApi,
      answer: JSON.stringify(failedWith(answer)),
    })
    return answer
  }
  const outcome = reached ? 'refused' : 'did_not_happen'
  // Too many requests, or a token that is not taken: Cloudflare did not look at it, and the same key may try again.
  const isFinal = reached !== null && ![401, 403, 429].includes(reached.status ?? 0)
  const answer = isFinal ? { answer: JSON.stringify(failedWith(error)) } : {}
  await journal.end({ outcome, reconciled: false, ...told, ...answer }).catch(() => undefined)
  return error
}

/** The caller can't know whether it happened; the record soon does. */
function uncertain(error: ApiError, id: string): ApiError {
  const message = `${error.message} Whether the change happened will be on record: GET /v1/audit/${id}.`
  return error.with({ message, members: { audit: id } })
}
