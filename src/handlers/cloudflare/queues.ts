import * as z from 'zod'
import { ApiError } from '../../errors.ts'
import { mayNotify } from '../../policy/queues.ts'
import type { queues as declared } from '../../routes/cloudflare/queues.ts'
import type { Upstream } from '../../upstream/client.ts'
import type { Handler } from '../handler.ts'
import { pageOf } from './page.ts'

const queueList = z.array(z.object({ queue_id: z.string(), queue_name: z.string() }))
type Queue = z.output<typeof queueList>[number]
const pageInfo = z.looseObject({ total_pages: z.number().optional() })
const MAX_PAGES = 50

/** The queues that the caller's policy lets them notify, and of those the ids and names only. */
export const queues: Handler<typeof declared> = async ({ query }, { policy }, { upstream }) => {
  const { name } = query
  const all = (await findQueues(upstream, name)).filter(({ queue_id }) => mayNotify(policy, queue_id))
  return pageOf(name === undefined ? all : all.filter(({ queue_name }) => queue_name === name), query)
}

async function findQueues(upstream: Upstream, name: string | undefined): Promise<Queue[]> {
  const found: Queue[] = []
  for (let at = 1, last = 1; at <= last && at <= MAX_PAGES; at++) {
    const query = { page: String(at), ...(name !== undefined && { name }) }
    const { result, result_info } = await upstream.call({ method: 'GET', path: ['queues'], query })
    const parsed = queueList.safeParse(result)
    if (!parsed.success) throw new ApiError('upstream_error', 'Cloudflare gave an answer of another shape.')
    found.push(...parsed.data)
    last = pageInfo.safeParse(result_info ?? {}).data?.total_pages ?? 1
  }
  return found
}
