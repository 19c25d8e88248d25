import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { app } from '../../src/index.ts'
import { run } from '../harness.ts'
import { watch } from '../leak-watch.ts'

/** The tools of the identity tests: the Worker over a store that can be counted, broken and stalled. */

export class Store {
  /** What happens to whoever asks. */
  state: 'up' | 'fails' | 'hangs' = 'up'
  /** Statements that were prepared so far. */
  readonly asked: string[] = []

  readonly db: D1Database = new Proxy(env.DB, {
    get: (target, name) => {
      if (name !== 'prepare') return Reflect.get(target, name, target)
      return (query: string) => {
        this.asked.push(query)
        if (this.state === 'fails') throw new Error('D1_ERROR: Network connection lost.')
        const statement = target.prepare(query)
        return this.state === 'hangs' ? stalled(statement) : statement
      }
    },
  })
}

/** A statement that never answers. */
function stalled(statement: D1PreparedStatement): D1PreparedStatement {
  const never = () => new Promise(() => undefined)
  return new Proxy(statement, {
    get: (target, name) => (name === 'bind' ? () => stalled(target) : never),
  })
}

export interface Asked {
  readonly method?: string
  readonly path?: string
  readonly headers?: Record<string, string>
}

/** The Worker as one isolate runs it, over this store. Its memory of keys is that of the whole file. */
export class Warden {
  readonly store = new Store()

  /** Answers once the request and all that it left in the background are done. */
  async ask(authorization: string, asked: Asked = {}): Promise<Response> {
    const { response, background } = this.send(authorization, asked)
    const answered = await response
    await background()
    return answered
  }

  /** Answers and leaves the background alone. */
  send(authorization: string, { method = 'GET', path = '/v1/whoami', headers }: Asked) {
    const context = createExecutionContext()
    const request = new Request(`https://warden.test${path}`, {
      method,
      headers: { authorization, ...headers },
    })
    const response = Promise.resolve(app.fetch(request, { ...env, DB: this.store.db }, context)).then(watch)
    return { response, background: () => waitOnExecutionContext(context) }
  }

  async statusOf(key: string, asked: Asked = {}): Promise<number> {
    return (await this.ask(`Bearer ${key}`, asked)).status
  }
}

/** A change that a key may do and the emulator takes. */
export const CHANGE: Asked = { method: 'DELETE', path: '/v1/buckets/no-such-bucket' }

export const idOf = (key: string): string => key.split('_')[1] ?? ''

export const revoke = (key: string) =>
  run([`UPDATE keys SET revoked_at = ${Date.now()} WHERE id = '${idOf(key)}'`])

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
