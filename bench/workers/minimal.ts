/** The least that a Worker on Hono can be. */
import { Hono } from 'hono'

const app = new Hono()
app.get('/healthz', (context) => context.json({ status: 'ok' }))

export default app
