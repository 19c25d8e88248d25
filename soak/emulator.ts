import type { Fault } from '../emulator/src/faults/fault.ts'
import type { LogEntry } from '../emulator/src/request-log.ts'
import { SHARED } from './changes.ts'
import { LONGEST_DELAY_MS } from './faults.ts'

/** The tester's door of the emulator. */
export class Emulator {
  readonly #url: string
  /** Everything but reads, by id. */
  readonly #changes = new Map<number, LogEntry>()
  #newest = 0

  constructor(url: string) {
    this.#url = `${url}/__emulator`
  }

  async seed(): Promise<void> {
    const buckets = SHARED.map(({ jurisdiction, bucket }) => ({ name: bucket, jurisdiction }))
    await this.#post('seed', { buckets })
  }

  /** Puts faults in place of those that still wait. */
  async replaceFaults(faults: readonly Partial<Fault>[]): Promise<void> {
    await fetch(`${this.#url}/faults`, { method: 'DELETE' })
    for (const fault of faults) await this.#post('faults', fault)
  }

  /** Everything that was received so far but reads, oldest first. To be asked often: the log keeps the newest only. */
  async changes(): Promise<LogEntry[]> {
    const since = this.#oldestUnanswered() ?? this.#newest
    const response = await fetch(`${this.#url}/requests?since=${since}`)
    const { requests }: { requests: LogEntry[] } = await response.json()
    const [oldest] = requests
    if (oldest && oldest.id !== since + 1) throw new Error('the emulator forgot a part of its log')
    for (const entry of requests) if (entry.method !== 'GET') this.#changes.set(entry.id, entry)
    this.#newest = requests.at(-1)?.id ?? this.#newest
    return [...this.#changes.values()]
  }

  /** The id before the first that may be answered yet. */
  #oldestUnanswered(): number | undefined {
    const longAgo = Date.now() - 5 * LONGEST_DELAY_MS
    for (const { id, at, status } of this.#changes.values())
      if (status === null && Date.parse(at) > longAgo) return id - 1
    return undefined
  }

  async #post(path: string, body: unknown): Promise<void> {
    const response = await fetch(`${this.#url}/${path}`, { method: 'POST', body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`the emulator refused: ${await response.text()}`)
  }
}
