import { call, emulator, type Received } from '../harness.ts'
import { keepSecret } from '../leak-watch.ts'
import { type Example, examples, isRead, SIPPY_SECRETS } from './examples.ts'

for (const secret of SIPPY_SECRETS) keepSecret(secret)

interface Manner {
  readonly key?: string
  /** Added to the path, such as `?jurisdiction=eu`. */
  readonly query?: string
  readonly headers?: Record<string, string>
}

/** Sends an example as it stands. */
export function send(
  { method, path, body }: Example,
  { query = '', ...manner }: Manner = {},
): Promise<Response> {
  return call(`/v1${path}${query}`, { method, body, ...manner })
}

/** Does what must come before an example, so that it can succeed. */
export async function prepare({ after }: Example, manner: Manner): Promise<void> {
  const first = examples.find(({ name }) => name === after)
  if (first) await send(first, manner)
}

export interface Performed {
  readonly response: Response
  /** What went up for the example itself. */
  readonly sent: readonly Received[]
  /** What the warden read around it, if it is a change. */
  readonly around: readonly Received[]
}

/** Sends an example, prepared, and gives the answer with what went up for it. */
export async function perform(example: Example, manner: Manner): Promise<Performed> {
  await prepare(example, manner)
  const before = (await emulator.received()).length
  const response = await send(example, manner)
  return { response, ...partsOf(example, (await emulator.received()).slice(before)) }
}

/** Around a change the warden reads; a read is all there is of itself. */
export function partsOf(example: Example, received: readonly Received[]): Omit<Performed, 'response'> {
  if (isRead(example)) return { sent: received, around: [] }
  const isOwn = ({ method }: Received) => method !== 'GET'
  return { sent: received.filter(isOwn), around: received.filter((one) => !isOwn(one)) }
}
