import type { Hono } from 'hono'
import { Call } from './call.ts'
import { type Answer, json, success } from './envelope.ts'
import { ApiError } from './errors.ts'
import { afflict } from './faults/afflict.ts'
import type { LogEntry } from './request-log.ts'
import type { Services } from './services.ts'
import type { Bucket } from './store/buckets.ts'

export interface AppEnv {
  Variables: { entry: LogEntry | undefined; body: string }
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Operation {
  readonly name: string
  readonly method: Method
  readonly path: string
  readonly handle: (call: Call) => Answer
}

/** An operation on the account as a whole; `path` starts below the account. */
export function onAccount(
  name: string,
  method: Method,
  path: string,
  handle: Operation['handle'],
): Operation {
  return { name, method, path: `/accounts/:account${path}`, handle }
}

/** An operation on one bucket. That it exists is checked before anything else about the request. */
export function onBucket(
  name: string,
  method: Method,
  path: string,
  handle: (call: Call, bucket: Bucket) => Answer,
): Operation {
  return onAccount(name, method, path, (call) => handle(call, call.bucket()))
}

export function mount(
  app: Hono<AppEnv>,
  base: string,
  services: Services,
  operations: readonly Operation[],
): void {
  for (const operation of operations) mountOne(app, base, services, operation)

  // After every operation, so that only the verbs no operation took arrive here.
  for (const [path, same] of Map.groupBy(operations, ({ path }) => path)) {
    const allow = same.map(({ method }) => method).join(', ')
    app.all(`${base}${path}`, () => {
      throw new ApiError('method_not_allowed', { headers: { allow } })
    })
  }
}

function mountOne(
  app: Hono<AppEnv>,
  base: string,
  services: Services,
  { name, method, path, handle }: Operation,
): void {
  app.on(method, `${base}${path}`, (c) => {
    const entry = c.get('entry')
    if (entry) entry.operation = name
    if (c.req.param('account') !== services.config.accountId) throw unknownAccount(c.req.path)

    const answer = () => success(handle(new Call(services, c, c.get('body'))))
    const fault = services.faults.take(name, c.req.param('bucket'))
    if (fault) return afflict(fault, services.faults, answer)

    const text = answer()
    if (c.req.method === 'GET') services.answers.add(c.req.raw, { operation: name, text })
    return json(text)
  })
}

function unknownAccount(path: string): ApiError {
  const message = `Could not route to ${path}, perhaps your object identifier is invalid?`
  return new ApiError('unknown_account', { message })
}
