import type { AnswerCache } from './answer-cache.ts'
import type { Config } from './config.ts'
import type { FaultQueue } from './faults/queue.ts'
import type { RequestLog } from './request-log.ts'
import type { Store } from './store/index.ts'

/** What a request may reach. Everything here is synchronous, so an operation can't be interleaved. */
export interface Services {
  readonly config: Config
  readonly store: Store
  readonly log: RequestLog
  readonly faults: FaultQueue
  readonly answers: AnswerCache
}
