import { DEFAULT_LOCATION, type Jurisdiction, type StorageClass } from '../values.ts'
import type { Sql } from './sql.ts'

const MOST_BUCKETS = 1_000_000

export interface BucketKey {
  readonly jurisdiction: Jurisdiction
  readonly name: string
}

export type Bucket = {
  readonly jurisdiction: Jurisdiction
  readonly name: string
  readonly creation_date: string
  readonly location: string
  readonly storage_class: StorageClass
  readonly bucket_id: string
  readonly objects: number
}

export interface NewBucket extends BucketKey {
  readonly location?: string | undefined
  readonly storageClass?: StorageClass | undefined
}

export interface SeedBucket extends NewBucket {
  readonly objects?: number | undefined
}

export interface Generated {
  readonly prefix: string
  readonly count: number
  readonly jurisdiction: Jurisdiction
}

export interface Page {
  readonly jurisdiction: Jurisdiction
  readonly direction: 'asc' | 'desc'
  readonly after: string | undefined
  readonly contains: string
  readonly limit: number
}

type Total = { readonly storage_class: StorageClass; readonly objects: number }

export class BucketStore {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  find({ jurisdiction, name }: BucketKey): Bucket | undefined {
    const query = 'SELECT * FROM buckets WHERE jurisdiction = ? AND name = ?'
    return this.#sql.exec<Bucket>(query, jurisdiction, name).toArray()[0]
  }

  page({ jurisdiction, direction, after, contains, limit }: Page): Bucket[] {
    const beyond = direction === 'asc' ? '>' : '<'
    return this.#sql
      .exec<Bucket>(
        `SELECT * FROM buckets
         WHERE jurisdiction = ? ${after === undefined ? '' : `AND name ${beyond} ?`} AND instr(name, ?) > 0
         ORDER BY name ${direction} LIMIT ?`,
        ...[jurisdiction, ...(after === undefined ? [] : [after]), contains, limit],
      )
      .toArray()
  }

  /** A name keeps the place it first had: a later hint for the same name is not honoured. */
  put({ jurisdiction, name, location, storageClass = 'Standard', objects = 0 }: SeedBucket): void {
    this.#sql.exec(
      `INSERT INTO buckets
       VALUES (?1, ?2, ?3, coalesce(
         (SELECT location FROM former_buckets WHERE jurisdiction = ?1 AND name = ?2), ?4
       ), ?5, lower(hex(randomblob(16))), ?6)
       ON CONFLICT DO UPDATE SET storage_class = ?5, objects = ?6`,
      ...[
        jurisdiction,
        name,
        new Date().toISOString(),
        location?.toUpperCase() ?? DEFAULT_LOCATION,
        storageClass,
        objects,
      ],
    )
  }

  /** One statement for any number: 100,000 buckets are there in well under a second. */
  generate({ prefix, count, jurisdiction }: Generated): void {
    this.#sql.exec(
      `WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < ?1)
       INSERT OR IGNORE INTO buckets
       SELECT ?2, ?3 || printf('%06d', number), ?4, ?5, 'Standard', lower(hex(randomblob(16))), 0 FROM numbers`,
      ...[count, jurisdiction, prefix, new Date().toISOString(), DEFAULT_LOCATION],
    )
  }

  setStorageClass({ jurisdiction, name }: BucketKey, storageClass: StorageClass): void {
    const update = 'UPDATE buckets SET storage_class = ? WHERE jurisdiction = ? AND name = ?'
    this.#sql.exec(update, storageClass, jurisdiction, name)
  }

  delete({ jurisdiction, name, location }: Bucket): void {
    this.#sql.exec('INSERT OR REPLACE INTO former_buckets VALUES (?, ?, ?)', jurisdiction, name, location)
    this.#sql.exec('DELETE FROM buckets WHERE jurisdiction = ? AND name = ?', jurisdiction, name)
  }

  count(): number {
    return this.#sql.exec<{ count: number }>('SELECT count(*) AS count FROM buckets').one().count
  }

  /** A limit of a million can't be tried out in a test, so a tester may lower it. */
  limit(): number {
    const query = `SELECT value FROM account WHERE name = 'bucket_limit'`
    return this.#sql.exec<{ value: number }>(query).toArray()[0]?.value ?? MOST_BUCKETS
  }

  setLimit(limit: number): void {
    this.#sql.exec(`INSERT OR REPLACE INTO account VALUES ('bucket_limit', ?)`, limit)
  }

  objectsByStorageClass(): Total[] {
    const query = 'SELECT storage_class, sum(objects) AS objects FROM buckets GROUP BY storage_class'
    return this.#sql.exec<Total>(query).toArray()
  }
}
