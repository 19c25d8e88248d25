import * as z from 'zod'
import type { AppContext } from '../dialects/context.ts'
import type { Env } from '../env.ts'
import { settingsOf } from '../settings.ts'
import { createUpstream, type Upstream } from '../upstream/client.ts'
import type { Deps } from './request.ts'

/** What one request of HTTP gives to an operation. What most have no use for is made when it is first asked for. */
export class RequestDeps implements Deps {
  readonly dialect: 'v1' | 'v4'
  readonly env: Env
  readonly requestId: string
  readonly #context: AppContext
  #upstream: Upstream | null = null

  constructor(context: AppContext, dialect: 'v1' | 'v4') {
    this.#context = context
    this.dialect = dialect
    this.env = context.env
    this.requestId = context.get('requestId')
  }

  get upstream(): Upstream {
    this.#upstream ??= createUpstream(settingsOf(this.env))
    return this.#upstream
  }

  get clientAddress(): string | null {
    return addressOf(this.#context.req.raw.headers)
  }

  waitUntil(work: Promise<unknown>): void {
    this.#context.executionCtx.waitUntil(work)
  }
}

const ipAddress = z.union([z.ipv4(), z.ipv6()])

/** Set by Cloudflare in front of every Worker; whatever else stands there is nobody's address. */
function addressOf(headers: Headers): string | null {
  const address = headers.get('cf-connecting-ip') ?? ''
  return /^[0-9a-fA-F.:]{2,45}$/.test(address) && ipAddress.safeParse(address).success ? address : null
}
