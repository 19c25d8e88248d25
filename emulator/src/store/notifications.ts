import * as z from 'zod'
import type { BucketKey } from './buckets.ts'
import type { Sql } from './sql.ts'

export const notificationRule = z.object({
  actions: z
    .array(
      z.enum(['PutObject', 'CopyObject', 'DeleteObject', 'CompleteMultipartUpload', 'LifecycleDeletion']),
    )
    .min(1)
    .refine((actions) => new Set(actions).size === actions.length),
  prefix: z.string().optional(),
  suffix: z.string().optional(),
  description: z.string().optional(),
})
export type NotificationRule = z.infer<typeof notificationRule>

export interface StoredRule extends NotificationRule {
  readonly ruleId: string
  readonly queueId: string
  readonly createdAt: string
}

type Row = { id: string; queue: string; created_at: string; value: string }

export class NotificationStore {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  list({ jurisdiction, name }: BucketKey): StoredRule[] {
    const query = 'SELECT * FROM rules WHERE jurisdiction = ? AND bucket = ? ORDER BY position'
    return this.#sql.exec<Row>(query, jurisdiction, name).toArray().map(fromRow)
  }

  add({ jurisdiction, name }: BucketKey, queueId: string, rule: NotificationRule): void {
    this.#sql.exec(
      'INSERT INTO rules (id, jurisdiction, bucket, queue, created_at, value) VALUES (?, ?, ?, ?, ?, ?)',
      ...[crypto.randomUUID(), jurisdiction, name, queueId, new Date().toISOString(), JSON.stringify(rule)],
    )
  }

  delete(ruleId: string): void {
    this.#sql.exec('DELETE FROM rules WHERE id = ?', ruleId)
  }

  deleteAll({ jurisdiction, name }: BucketKey): void {
    this.#sql.exec('DELETE FROM rules WHERE jurisdiction = ? AND bucket = ?', jurisdiction, name)
  }
}

function fromRow({ id, queue, created_at, value }: Row): StoredRule {
  return { ...notificationRule.parse(JSON.parse(value)), ruleId: id, queueId: queue, createdAt: created_at }
}
