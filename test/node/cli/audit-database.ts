import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { insertRecord } from '../../../src/store/audit.ts'
import type { Written } from '../../audit/trail.ts'

const MIGRATIONS = path.join(import.meta.dirname, '../../../migrations')
const D1_FILES = ['.wrangler', 'state', 'v3', 'd1', 'miniflare-D1DatabaseObject']

/** Some of the migrations, by the beginnings of their names: all, unless it is said which. */
export interface Span {
  readonly from?: string
  readonly before?: string
}

/** A database of the warden's in memory, with its tables as they are, or as they once were. */
export function openInMemory(span: Span = {}): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  migrate(database, span)
  return database
}

export function migrate(database: DatabaseSync, { from = '', before = '~' }: Span): void {
  const names = readdirSync(MIGRATIONS).sort()
  for (const name of names.filter((one) => from <= one && one < before))
    database.exec(readFileSync(path.join(MIGRATIONS, name), 'utf8'))
}

/** The local D1 database of a project, behind the back of whoever uses it. */
export function openLocal(project: string): DatabaseSync {
  const folder = path.join(project, ...D1_FILES)
  const name = readdirSync(folder).find((file) => file.endsWith('.sqlite') && !file.startsWith('metadata'))
  return new DatabaseSync(path.join(folder, name ?? 'none'))
}

export function writeRecords(database: DatabaseSync, written: readonly Written[]): void {
  for (const { record, values } of written)
    for (const one of insertRecord(record, values)) database.prepare(one.sql).run(...one.values)
}
