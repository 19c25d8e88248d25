import type { Sql } from './sql.ts'

export const TABLES = [
  'account',
  'buckets',
  'former_buckets',
  'settings',
  'domains',
  'rules',
  'queues',
] as const

/** WITHOUT ROWID: the primary key is the order of a listing, so a page costs the page and not the account. */
const DDL = `
  CREATE TABLE IF NOT EXISTS account (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS buckets (
    jurisdiction TEXT NOT NULL,
    name TEXT NOT NULL,
    creation_date TEXT NOT NULL,
    location TEXT NOT NULL,
    storage_class TEXT NOT NULL,
    bucket_id TEXT NOT NULL,
    objects INTEGER NOT NULL,
    PRIMARY KEY (jurisdiction, name)
  ) WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS former_buckets (
    jurisdiction TEXT NOT NULL,
    name TEXT NOT NULL,
    location TEXT NOT NULL,
    PRIMARY KEY (jurisdiction, name)
  ) WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS settings (
    jurisdiction TEXT NOT NULL,
    bucket TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (jurisdiction, bucket, kind)
  ) WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS domains (
    position INTEGER PRIMARY KEY,
    jurisdiction TEXT NOT NULL,
    bucket TEXT NOT NULL,
    domain TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS domains_of_bucket ON domains (jurisdiction, bucket);

  CREATE TABLE IF NOT EXISTS rules (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    jurisdiction TEXT NOT NULL,
    bucket TEXT NOT NULL,
    queue TEXT NOT NULL,
    created_at TEXT NOT NULL,
    value TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS rules_of_bucket ON rules (jurisdiction, bucket);

  CREATE TABLE IF NOT EXISTS queues (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE) WITHOUT ROWID;
`

export function createTables(sql: Sql): void {
  sql.exec(DDL)
}
