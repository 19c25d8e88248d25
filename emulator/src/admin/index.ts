import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { faultRequest } from '../faults/fault.ts'
import type { Operation } from '../operation.ts'
import type { Services } from '../services.ts'
import { seed, seedRequest } from './seed.ts'

const INDEX = {
  'GET /__emulator/health': 'Is it up, and what does it hold?',
  'POST /__emulator/reset': 'Back to the initial buckets; clears log and faults',
  'POST /__emulator/seed': 'Add buckets and queues: {buckets, queues, generate, bucketLimit}',
  'GET /__emulator/requests': 'What was received, oldest first; ?since=ID for what came after',
  'DELETE /__emulator/requests': 'Clear the log',
  'POST /__emulator/log': 'Switch the log (and the console line) on or off: {enabled}',
  'GET /__emulator/faults': 'The faults waiting',
  'POST /__emulator/faults':
    'Add one: {operation, bucket, times, status | delayMs | kind | body, retryAfter, applied}',
  'DELETE /__emulator/faults': 'Forget the faults waiting, and delay no call any longer',
}

/** The tester's own door. No token: it is a development tool, and nothing here is worth one. */
export function admin(services: Services, operations: readonly Operation[]): Hono {
  const { store, log, faults } = services
  const names = new Set(['*', ...operations.map(({ name }) => name)])
  const knownFault = faultRequest.refine(({ operation }) => names.has(operation), {
    path: ['operation'],
    error: `must be one of ${[...names].join(', ')}`,
  })
  const size = () => ({ buckets: store.buckets.count(), queues: store.queues.list().length })
  const app = new Hono()

  app.get('/', (c) => c.json(INDEX))
  app.get('/health', (c) => c.json({ status: 'ok', ...size() }))

  app.post('/reset', (c) => {
    store.reset()
    log.clear()
    faults.clear()
    return c.json(size())
  })
  app.post('/seed', async (c) => {
    const wanted = await read(c, seedRequest)
    if (!wanted.success) return refuse(c, wanted.error)
    seed(store, wanted.data)
    return c.json(size())
  })

  app.get('/requests', (c) => c.json({ requests: log.since(Number(c.req.query('since') ?? 0)) }))
  app.delete('/requests', (c) => {
    log.clear()
    return c.json({ requests: [] })
  })
  app.post('/log', async (c) => {
    const wanted = await read(c, z.strictObject({ enabled: z.boolean() }))
    if (!wanted.success) return refuse(c, wanted.error)
    log.enabled = wanted.data.enabled
    return c.json({ enabled: log.enabled })
  })

  app.get('/faults', (c) => c.json({ faults: faults.list() }))
  app.post('/faults', async (c) => {
    const wanted = await read(c, knownFault)
    if (!wanted.success) return refuse(c, wanted.error)
    faults.add(wanted.data)
    return c.json({ faults: faults.list() })
  })
  app.delete('/faults', (c) => {
    faults.clear()
    return c.json({ faults: faults.list() })
  })

  // Hono mounts '/' without its slash; people type it with one.
  app.all('*', (c) =>
    c.req.path === '/__emulator/'
      ? c.json(INDEX)
      : c.json({ error: 'no such endpoint', endpoints: INDEX }, 404),
  )
  return app
}

/** Any content type, since curl labels its data a form. */
async function read<T>(c: Context, schema: z.ZodType<T>) {
  const text = await c.req.text()
  return schema.safeParse(
    await Promise.resolve(text)
      .then(JSON.parse)
      .catch(() => undefined),
  )
}

function refuse(c: Context, error: z.ZodError): Response {
  return c.json({ error: z.prettifyError(error) }, 400)
}
