import { BucketStore } from './buckets.ts'
import { DomainStore } from './domains.ts'
import { NotificationStore } from './notifications.ts'
import { QueueStore } from './queues.ts'
import { createTables, TABLES } from './schema.ts'
import { INITIAL_BUCKETS, INITIAL_QUEUES } from './seed.ts'
import { SettingStore } from './settings.ts'
import { watched } from './sql.ts'

export interface Store {
  readonly buckets: BucketStore
  readonly settings: SettingStore
  readonly domains: DomainStore
  readonly notifications: NotificationStore
  readonly queues: QueueStore
  /** Back to what a newcomer finds. */
  reset(): void
  transaction<T>(work: () => T): T
}

export function openStore(storage: DurableObjectStorage, onWrite: () => void): Store {
  const sql = watched(storage.sql, onWrite)
  createTables(sql)
  const store: Store = {
    buckets: new BucketStore(sql),
    settings: new SettingStore(sql),
    domains: new DomainStore(sql),
    notifications: new NotificationStore(sql),
    queues: new QueueStore(sql),
    transaction: (work) => storage.transactionSync(work),
    reset: () =>
      storage.transactionSync(() => {
        for (const table of TABLES) sql.exec(`DELETE FROM ${table}`)
        for (const queue of INITIAL_QUEUES) store.queues.put(queue)
        for (const bucket of INITIAL_BUCKETS) store.buckets.put(bucket)
        sql.exec(`INSERT INTO account VALUES ('started', 1)`)
      }),
  }
  const isNew = sql.exec(`SELECT 1 FROM account WHERE name = 'started'`).toArray().length === 0
  if (isNew) store.reset()
  return store
}
