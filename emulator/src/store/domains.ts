import * as z from 'zod'
import type { BucketKey } from './buckets.ts'
import type { Sql } from './sql.ts'

/** Only what was given: a minimum or a cipher list nobody set must not turn up later. */
const customDomain = z.object({
  domain: z.string(),
  zoneId: z.string(),
  enabled: z.boolean(),
  minTLS: z.string().optional(),
  ciphers: z.array(z.string()).optional(),
})
export type CustomDomain = z.infer<typeof customDomain>

export class DomainStore {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  list({ jurisdiction, name }: BucketKey): CustomDomain[] {
    const query = 'SELECT value FROM domains WHERE jurisdiction = ? AND bucket = ? ORDER BY position'
    return this.#sql.exec<{ value: string }>(query, jurisdiction, name).toArray().map(parse)
  }

  find({ jurisdiction, name }: BucketKey, domain: string): CustomDomain | undefined {
    const query = 'SELECT value FROM domains WHERE jurisdiction = ? AND bucket = ? AND domain = ?'
    return this.#sql.exec<{ value: string }>(query, jurisdiction, name, domain).toArray().map(parse)[0]
  }

  /** Asked of the whole account: a hostname leads to one bucket at most. */
  isTaken(domain: string): boolean {
    return this.#sql.exec('SELECT 1 FROM domains WHERE domain = ?', domain).toArray().length > 0
  }

  add({ jurisdiction, name }: BucketKey, value: CustomDomain): void {
    const insert = 'INSERT INTO domains (jurisdiction, bucket, domain, value) VALUES (?, ?, ?, ?)'
    this.#sql.exec(insert, jurisdiction, name, value.domain, JSON.stringify(value))
  }

  update(value: CustomDomain): void {
    this.#sql.exec('UPDATE domains SET value = ? WHERE domain = ?', JSON.stringify(value), value.domain)
  }

  delete(domain: string): void {
    this.#sql.exec('DELETE FROM domains WHERE domain = ?', domain)
  }

  deleteAll({ jurisdiction, name }: BucketKey): void {
    this.#sql.exec('DELETE FROM domains WHERE jurisdiction = ? AND bucket = ?', jurisdiction, name)
  }
}

function parse({ value }: { value: string }): CustomDomain {
  return customDomain.parse(JSON.parse(value))
}
