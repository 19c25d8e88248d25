import type { Sql } from './sql.ts'

export type Queue = { readonly id: string; readonly name: string }

export class QueueStore {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  find(id: string): Queue | undefined {
    return this.#sql.exec<Queue>('SELECT id, name FROM queues WHERE id = ?', id).toArray()[0]
  }

  list(): Queue[] {
    return this.#sql.exec<Queue>('SELECT id, name FROM queues ORDER BY name').toArray()
  }

  put({ id, name }: Queue): void {
    this.#sql.exec('INSERT OR REPLACE INTO queues VALUES (?, ?)', id, name)
  }
}
