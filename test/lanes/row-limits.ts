import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { run } from '../harness.ts'

/** Cloudflare's limit on a row, which no local runtime holds anybody to: as triggers, in D1 and in a lane's SQLite. */

const MAX_BYTES = 2_000_000

/** The columns in which something large could stand, of all tables there are. */
const COLUMNS = { audit_values: 'value', idempotency_keys: 'answer', memory: 'state', ending: 'value' }

const limiting = (table: keyof typeof COLUMNS, event: 'INSERT' | 'UPDATE') =>
  `CREATE TRIGGER limit_${table}_${event} BEFORE ${event} ON ${table}
   WHEN octet_length(NEW.${COLUMNS[table]}) > ${MAX_BYTES}
   BEGIN SELECT RAISE(ABORT, 'string or blob too big'); END`

/** For the rest of the tests of this file. */
export const limitStore = () =>
  run(
    (['audit_values', 'idempotency_keys'] as const).flatMap((table) => [
      limiting(table, 'INSERT'),
      limiting(table, 'UPDATE'),
    ]),
  )

export const limitLane = (lane: string) =>
  runInDurableObject(env.LANES.getByName(lane), (_, { storage }) => {
    for (const table of ['memory', 'ending'] as const)
      for (const event of ['INSERT', 'UPDATE'] as const) storage.sql.exec(limiting(table, event))
  })

/** The store takes no configuration afterwards that is longer than so many bytes. */
export const shorterAfter = (bytes: number) => ({
  by: `CREATE TRIGGER shorter BEFORE INSERT ON audit_values WHEN NEW.part = 'after' AND octet_length(NEW.value) > ${bytes}
       BEGIN SELECT RAISE(ABORT, 'string or blob too big'); END`,
  undone: 'DROP TRIGGER shorter',
})
