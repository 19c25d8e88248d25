import { policyJsonSchema } from '../policy/document.ts'
import type { policySchema as declared } from '../routes/warden/documents.ts'
import type { Handler } from './handler.ts'

/** Made when it is first asked for, not while the Worker starts. */
let schema: ReturnType<typeof policyJsonSchema> | null = null

export const policySchema: Handler<typeof declared> = () => {
  schema ??= policyJsonSchema()
  return { result: schema }
}
