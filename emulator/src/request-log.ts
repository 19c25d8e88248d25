import { newRay } from './ray.ts'

const MOST_ENTRIES = 10_000
const MOST_CHARACTERS = 64 * 1024 * 1024

export interface LogEntry {
  readonly at: string
  readonly id: number
  operation: string | null
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Record<string, string>
  readonly body: string
  /** The `cf-ray` of the answer. */
  readonly ray: string
  /** null until it is answered. */
  status: number | null
}

/** What the emulator received, the newest 10,000, in memory: a write per request would be the benchmark. */
export class RequestLog {
  enabled = true
  #entries: LogEntry[] = []
  #characters = 0
  #lastId = 0

  /** undefined when the log is off. */
  add({ method, url, headers }: Request, body: string, ray = newRay()): LogEntry | undefined {
    if (!this.enabled) return undefined
    const { pathname, search } = new URL(url)
    const entry = {
      at: new Date().toISOString(),
      id: ++this.#lastId,
      operation: null,
      method,
      path: pathname,
      query: search.slice(1),
      headers: Object.fromEntries(headers),
      body,
      ray,
      status: null,
    }
    this.#entries.push(entry)
    this.#characters += body.length
    this.#forget()
    return entry
  }

  close(entry: LogEntry, status: number, tell: boolean): void {
    entry.status = status
    if (tell) console.log(`${entry.method} ${entry.path} → ${status} ${entry.operation ?? '–'}`)
  }

  since(id: number): readonly LogEntry[] {
    return this.#entries.slice(-MOST_ENTRIES).filter((entry) => entry.id > id)
  }

  clear(): void {
    this.#entries = []
    this.#characters = 0
  }

  /** In batches, since taking entries off the front of an array one by one costs its whole length. */
  #forget(): void {
    const isLong = this.#entries.length >= 2 * MOST_ENTRIES
    if (!isLong && this.#characters <= MOST_CHARACTERS) return
    this.#entries = this.#entries.slice(isLong ? -MOST_ENTRIES : Math.ceil(this.#entries.length / 2))
    this.#characters = this.#entries.reduce((sum, { body }) => sum + body.length, 0)
  }
}
