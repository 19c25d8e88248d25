import type { BucketKey } from './buckets.ts'
import type { Sql } from './sql.ts'

export type SettingKind = 'lifecycle' | 'cors' | 'lock' | 'sippy' | 'managed-domain'

/** The settings that are one document per bucket, kept and given back as they came. */
export class SettingStore {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  get({ jurisdiction, name }: BucketKey, kind: SettingKind): unknown {
    const query = 'SELECT value FROM settings WHERE jurisdiction = ? AND bucket = ? AND kind = ?'
    const [row] = this.#sql.exec<{ value: string }>(query, jurisdiction, name, kind).toArray()
    return row && JSON.parse(row.value)
  }

  put({ jurisdiction, name }: BucketKey, kind: SettingKind, value: unknown): void {
    const replace = 'INSERT OR REPLACE INTO settings VALUES (?, ?, ?, ?)'
    this.#sql.exec(replace, jurisdiction, name, kind, JSON.stringify(value))
  }

  delete({ jurisdiction, name }: BucketKey, kind: SettingKind): void {
    const remove = 'DELETE FROM settings WHERE jurisdiction = ? AND bucket = ? AND kind = ?'
    this.#sql.exec(remove, jurisdiction, name, kind)
  }

  deleteAll({ jurisdiction, name }: BucketKey): void {
    this.#sql.exec('DELETE FROM settings WHERE jurisdiction = ? AND bucket = ?', jurisdiction, name)
  }
}
