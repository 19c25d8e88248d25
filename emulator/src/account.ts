import { DurableObject } from 'cloudflare:workers'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { memory } from './memory.ts'
import { openStore } from './store/index.ts'

/** Where the account lives: SQLite for what Cloudflare would keep, memory for what only testers need. */
export class Account extends DurableObject {
  readonly #app: ReturnType<typeof createApp>

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env)
    const store = openStore(ctx.storage, () => memory.answers.clear())
    this.#app = createApp({ config: readConfig(env), store, ...memory })
  }

  override fetch(request: Request): Response | Promise<Response> {
    return this.#app.fetch(request)
  }
}
