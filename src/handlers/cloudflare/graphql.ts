import {
  anotherQuestion,
  type graphql as declared,
  storageQuestion,
} from '../../routes/cloudflare/graphql.ts'
import { settingsOf } from '../../settings.ts'
import type { Handler } from '../handler.ts'

/** Passes on one question, in the warden's words and for a bucket that the caller may see. */
export const graphql: Handler<typeof declared> = async ({ body }, _principal, { env, upstream }) => {
  const { accountId, filter } = storageQuestion(body)
  if (accountId !== settingsOf(env).accountId) throw anotherQuestion()
  return { result: await upstream.storageMetrics(filter) }
}
