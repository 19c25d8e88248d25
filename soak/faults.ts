import type { Fault } from '../emulator/src/faults/fault.ts'
import type { LogEntry } from '../emulator/src/request-log.ts'
import { CHANGED } from './changes.ts'
import type { Random } from './random.ts'
import { DEADLINE_MS } from './workers.ts'

/**
 * Statuses that only a fault gives, of a change that was carried out all the same. The log doesn't say what became
 * of a change; these do. For the same reason a connection or a body breaks, with the status of a success, only
 * after the change was carried out.
 */
const APPLIED_STATUS = { plain: 521, page: 522, half: 523 } as const

const LOST: readonly [Partial<Fault>, ...Partial<Fault>[]] = [
  { kind: 'broken-connection', applied: true },
  { kind: 'broken-body', applied: true },
  { kind: 'broken-body', status: APPLIED_STATUS.half, applied: true },
  { kind: 'not-json', status: APPLIED_STATUS.page, applied: true },
  { status: APPLIED_STATUS.plain, applied: true },
  { kind: 'not-json' },
  { kind: 'rate-limited' },
  { status: 500 },
  { status: 503, retryAfter: 1 },
]

const READ = ['buckets.get', 'buckets.cors.get', 'buckets.lifecycle.get', 'buckets.locks.get'] as const

/**
 * Longer than the warden waits, so that a change is carried out when it has been given up, or when its warden is dead:
 * but within the second by which the warden outwaits its deadline before it believes that a change did not happen.
 */
export const LONGEST_DELAY_MS = DEADLINE_MS + 300

/** The faults of a run, and what they make of the changes that meet them. */
export class Faults {
  /** Of a slow answer that nobody waited for, only the kind of change tells whether it was carried out. */
  readonly #carriedOutFirst: ReadonlySet<string>
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
    this.#carriedOutFirst = new Set(random.shuffled(CHANGED).slice(0, CHANGED.length / 2))
  }

  /** Some more faults, each for one call. */
  draw(): Partial<Fault>[] {
    const random = this.#random
    const [slow, lost, reads] = [random.between(0, 6), random.between(0, 4), random.between(0, 1)]
    return [
      ...Array.from({ length: slow }, () => this.#slow()),
      ...Array.from({ length: lost }, () => ({ operation: random.pick(CHANGED), ...random.pick(LOST) })),
      ...Array.from({ length: reads }, () => ({ operation: random.pick(READ), status: 503 })),
    ]
  }

  #slow(): Partial<Fault> {
    const operation = this.#random.pick(CHANGED)
    const delayMs = this.#random.between(50, LONGEST_DELAY_MS)
    return { operation, delayMs, applied: this.#carriedOutFirst.has(operation) }
  }

  /** Whether the emulator carried a change out that is in its log. */
  carriedOut({ operation, status }: Pick<LogEntry, 'operation' | 'status'>): boolean {
    if (operation === null) return false
    if (status === null) return this.#carriedOutFirst.has(operation)
    return (status >= 200 && status < 300) || Object.values(APPLIED_STATUS).some((one) => one === status)
  }
}
