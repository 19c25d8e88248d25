import type { Account } from './account.ts'
import { shortcut } from './shortcut.ts'

export { Account } from './account.ts'

interface Bindings {
  readonly ACCOUNT: DurableObjectNamespace<Account>
  readonly EMULATOR_API_TOKEN: string
  readonly EMULATOR_CONSOLE: string
}

/** One account, one Durable Object: it holds all state, so that every call sees the same. */
export default {
  fetch: (request, env) => shortcut(request, env) ?? env.ACCOUNT.getByName('account').fetch(request),
} satisfies ExportedHandler<Bindings>
