import { AnswerCache } from './answer-cache.ts'
import { FaultQueue } from './faults/queue.ts'
import { RequestLog } from './request-log.ts'

/**
 * What belongs to the process and not to the Durable Object: the runtime evicts an idle object, and
 * the log and the faults waiting must outlive that without costing a write per request.
 */
export const memory = { log: new RequestLog(), faults: new FaultQueue(), answers: new AnswerCache() }
