import { Hono } from 'hono'
import * as z from 'zod'
import { type Answer, json, success } from '../envelope.ts'
import { ApiError } from '../errors.ts'
import type { Services } from '../services.ts'

const pages = z.object({
  page: z.coerce.number().int().min(1).default(1),
  per_page: z.coerce.number().int().min(1).max(1000).default(20),
})

/** One page of a list; beyond the last there is nothing. */
function pageOf(all: readonly unknown[], query: Record<string, string>): Answer {
  const asked = pages.safeParse(query)
  if (!asked.success) throw new ApiError('invalid_parameter')
  const { page, per_page } = asked.data
  const result = all.slice((page - 1) * per_page, page * per_page)
  const total_pages = Math.max(1, Math.ceil(all.length / per_page))
  return {
    result,
    resultInfo: { page, per_page, count: result.length, total_count: all.length, total_pages },
  }
}

/** Not R2 operations, but what wrangler asks around them: who am I, which account, which queue. */
export function surroundings({ config, store }: Services): Hono {
  const account = { id: config.accountId, name: 'Emulated account' }
  const user = { id: '0'.repeat(32), email: 'emulator@example.com' }
  const app = new Hono()
  const give = (answer: Answer) => json(success(answer))

  app.get('/user', () => give({ result: user }))
  app.get('/user/tokens/verify', () => give({ result: { id: user.id, status: 'active' } }))
  app.get('/accounts', (c) => give(pageOf([account], c.req.query())))
  app.get('/memberships', (c) => give(pageOf([{ id: user.id, account, roles: [] }], c.req.query())))

  app.get('/accounts/:account/queues', (c) => {
    if (c.req.param('account') !== config.accountId) throw new ApiError('unknown_account')
    const wanted = c.req.query('name')
    const found = store.queues.list().filter(({ name }) => wanted === undefined || name === wanted)
    const queues = found.map(({ id, name }) => ({ queue_id: id, queue_name: name }))
    return give(pageOf(queues, { per_page: '100', ...c.req.query() }))
  })

  // `wrangler r2 bucket info` shows 0 objects for any JSON here, and fails on anything else.
  app.post('/graphql', (c) => c.json({ data: null, errors: null }))
  return app
}
