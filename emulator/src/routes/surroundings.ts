import { Hono } from 'hono'
import { type Answer, json, success } from '../envelope.ts'
import { ApiError } from '../errors.ts'
import type { Services } from '../services.ts'

/** Not R2 operations, but what wrangler asks around them: who am I, which account, which queue. */
export function surroundings({ config, store }: Services): Hono {
  const account = { id: config.accountId, name: 'Emulated account' }
  const user = { id: '0'.repeat(32), email: 'emulator@example.com' }
  const one = { page: 1, per_page: 20, count: 1, total_count: 1, total_pages: 1 }
  const app = new Hono()
  const give = (answer: Answer) => json(success(answer))

  app.get('/user', () => give({ result: user }))
  app.get('/user/tokens/verify', () => give({ result: { id: user.id, status: 'active' } }))
  app.get('/accounts', () => give({ result: [account], resultInfo: one }))
  app.get('/memberships', () => give({ result: [{ id: user.id, account, roles: [] }], resultInfo: one }))

  app.get('/accounts/:account/queues', (c) => {
    if (c.req.param('account') !== config.accountId) throw new ApiError('unknown_account')
    const wanted = c.req.query('name')
    const found = store.queues.list().filter(({ name }) => wanted === undefined || name === wanted)
    return give({
      result: found.map(({ id, name }) => ({ queue_id: id, queue_name: name })),
      resultInfo: { ...one, per_page: found.length, count: found.length, total_count: found.length },
    })
  })

  // `wrangler r2 bucket info` shows 0 objects for any JSON here, and fails on anything else.
  app.post('/graphql', (c) => c.json({ data: null, errors: null }))
  return app
}
