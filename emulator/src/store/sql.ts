type Row = Record<string, SqlStorageValue>

/** All that the store asks of SQLite. */
export interface Sql {
  exec<T extends Row>(query: string, ...bindings: SqlStorageValue[]): SqlStorageCursor<T>
}

const READS = /^\s*SELECT\b/

/** The one place all statements pass: tells of each that may have changed something. */
export function watched(sql: SqlStorage, onWrite: () => void): Sql {
  return {
    exec<T extends Row>(query: string, ...bindings: SqlStorageValue[]) {
      const cursor = sql.exec<T>(query, ...bindings)
      if (!READS.test(query)) onWrite()
      return cursor
    },
  }
}
