import { json, refusal, success } from '../envelope.ts'
import { ERRORS } from '../errors.ts'
import type { Fault } from './fault.ts'
import type { FaultQueue } from './queue.ts'

const HEAD_START_MS = 50

/**
 * Answers a call as the fault wants. Unless the fault is `applied` the operation is not carried out;
 * if it is, it happens and only its answer is lost, which is what makes a caller's retry dangerous.
 */
export async function afflict(
  fault: Fault,
  faults: Pick<FaultQueue, 'delay'>,
  answer: () => string,
): Promise<Response> {
  const isOnlySlow = [fault.status, fault.kind, fault.body].every((part) => part === undefined)
  // Done first, so that a caller who gives up while waiting has changed something all the same.
  const real = fault.applied ? answer() : undefined
  if (fault.delayMs !== undefined) await faults.delay(fault.delayMs)
  if (isOnlySlow) return json(real ?? answer())
  return broken(fault, real ?? success({ result: {} }))
}

function broken(fault: Fault, real: string): Response {
  const headers: Record<string, string> =
    fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }

  switch (fault.kind) {
    case 'broken-connection':
      return brokenConnection()
    case 'broken-body':
      return json(real.slice(0, Math.ceil(real.length / 2)), fault.status)
    case 'not-json':
      return notJson(fault, headers)
    case 'rate-limited':
      return refused(fault, 429, { 'retry-after': '1', ...headers })
    case undefined:
      return fault.body === undefined
        ? refused(fault, fault.status ?? 500, headers)
        : new Response(fault.body, {
            status: fault.status ?? 200,
            headers: { 'content-type': 'application/json', ...headers },
          })
  }
}

/**
 * A Worker can't hang up before it has answered, so it promises more than it sends, and fails. What is
 * sent must be on its way by then: `wrangler dev` repeats a GET that breaks before the first byte.
 */
function brokenConnection(): Response {
  const { readable, writable } = new FixedLengthStream(1_000)
  const writer = writable.getWriter()
  const breaking = async () => {
    await writer.write(new TextEncoder().encode('{"success":true,"errors":[],'))
    await scheduler.wait(HEAD_START_MS)
    await writer.abort(new Error('fault: broken connection'))
  }
  breaking().catch(() => {})
  return new Response(readable, { headers: { 'content-type': 'application/json' } })
}

function notJson({ status = 502, body }: Fault, headers: Record<string, string>): Response {
  const page = `<!DOCTYPE html><html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`
  return new Response(body ?? page, {
    status,
    headers: { 'content-type': 'text/html; charset=UTF-8', ...headers },
  })
}

function refused({ status, code, message }: Fault, usual: number, headers: Record<string, string>): Response {
  const answered = status ?? usual
  const known = BY_STATUS[answered] ?? ERRORS.internal
  return refusal(answered, { code: code ?? known.code, message: message ?? known.message }, headers)
}

const BY_STATUS: Readonly<Record<number, { code: number; message: string }>> = {
  400: ERRORS.malformed,
  401: ERRORS.authentication,
  403: { code: 10003, message: 'Access Denied' },
  404: ERRORS.no_bucket,
  409: { code: 10073, message: 'The bucket is being changed by another request.' },
  429: ERRORS.too_many_requests,
  503: ERRORS.unavailable,
}
