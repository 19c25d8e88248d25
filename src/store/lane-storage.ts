/** What a lane keeps: its state, and apart from it what may be large. */
export interface LaneRows {
  readonly state: string
  readonly after?: string | undefined
  readonly answer?: string | undefined
}

const TABLES = [
  // Named as it first was: a lane that has nothing pending goes on where it was when the warden is updated.
  'CREATE TABLE IF NOT EXISTS memory (id INTEGER PRIMARY KEY CHECK (id = 1), state TEXT NOT NULL)',
  `CREATE TABLE IF NOT EXISTS ending (
    part TEXT PRIMARY KEY CHECK (part IN ('after', 'answer')), value TEXT NOT NULL)`,
]

/**
 * The SQLite of one lane, in its Durable Object. Each document has a row of its own, since a row has a limit, and
 * stands in it as it is: JSON inside JSON can be twice as long.
 */
export class LaneStorage {
  readonly #storage: DurableObjectStorage

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
    for (const table of TABLES) storage.sql.exec(table)
  }

  /** `null` before anything was written. */
  read(): LaneRows | null {
    const { sql } = this.#storage
    const [row] = sql.exec<{ state: string }>('SELECT state FROM memory').toArray()
    if (!row) return null
    const parts = sql.exec<{ part: string; value: string }>('SELECT part, value FROM ending').toArray()
    return { ...row, ...Object.fromEntries(parts.map(({ part, value }) => [part, value])) }
  }

  /** Replaces all of it, or nothing. */
  write({ state, after, answer }: LaneRows): void {
    const { sql } = this.#storage
    this.#storage.transactionSync(() => {
      sql.exec('INSERT OR REPLACE INTO memory (id, state) VALUES (1, ?)', state)
      for (const [part, value] of Object.entries({ after, answer })) {
        if (value === undefined) sql.exec('DELETE FROM ending WHERE part = ?', part)
        else sql.exec('INSERT OR REPLACE INTO ending (part, value) VALUES (?, ?)', part, value)
      }
    })
  }

  clear(): void {
    this.#storage.transactionSync(() => {
      this.#storage.sql.exec('DELETE FROM memory')
      this.#storage.sql.exec('DELETE FROM ending')
    })
  }
}
