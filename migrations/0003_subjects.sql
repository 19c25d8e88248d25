-- A record is about a subject, which need not be a bucket; it carries the parameters of its operation whole, and the
-- version of the policy that decided. SQLite can't take NOT NULL off a column, so the table is made anew: every row
-- keeps its number and its values, and its hash holds as it was (format 1 is over what a row said until now).
CREATE TABLE audit_records (
  number          INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which rows were written
  id              TEXT NOT NULL UNIQUE,  -- the request's id
  format          INTEGER NOT NULL,      -- what the hash is over: 1 for rows from before this migration, then 2
  lane            TEXT NOT NULL,         -- `bucket:<jurisdiction>/<name>`, `denials:<team>`; once also `team:<name>`
  sequence        INTEGER NOT NULL,      -- place in the chain of its lane, from 1 on
  at              INTEGER NOT NULL,      -- Unix time, ms
  team            TEXT NOT NULL,
  key_id          TEXT NOT NULL,
  key_name        TEXT NOT NULL,
  dialect         TEXT NOT NULL,         -- v1 or v4
  operation       TEXT NOT NULL,
  subject         TEXT NOT NULL,         -- what it is about: `bucket:<jurisdiction>/<name>`, `account`
  jurisdiction    TEXT,                  -- where it is about a bucket: which; NULL otherwise
  bucket          TEXT,
  params          TEXT NOT NULL,         -- JSON: what names the things that the operation was on
  decision        TEXT NOT NULL CHECK (decision IN ('allowed', 'denied')),
  rule            TEXT,                  -- what decided: a grant's label, a deny rule, guardrails, `limits.buckets`
  policy_version  INTEGER,               -- of the policy that decided; NULL where there was none, and in format 1
  warnings        TEXT NOT NULL,         -- JSON: violations of guardrails that warn or only record
  client_address  TEXT,
  reverts         TEXT,                  -- id of the change that this one undoes
  body_digest     TEXT,                  -- SHA-256, hex, of the value in audit_values; NULL for none
  before_digest   TEXT,
  after_digest    TEXT,
  outcome         TEXT NOT NULL CHECK (outcome IN ('pending', 'happened', 'refused', 'did_not_happen', 'unknown', 'denied')),
  reconciled      INTEGER NOT NULL,      -- 1: the outcome was found by reading upstream afterwards
  code            TEXT,                  -- error code of the answer; NULL for success
  upstream_status INTEGER,
  cf_ray          TEXT,
  duration_ms     INTEGER,
  previous_hash   TEXT NOT NULL,         -- hash of the row before in the lane; 64 zeros for the first
  hash            TEXT,                  -- SHA-256, hex, of this row; NULL while pending
  UNIQUE (lane, sequence)
) STRICT;

-- Numbers are never used again, also not those of rows that retention has removed.
INSERT INTO sqlite_sequence (name, seq) SELECT 'audit_records', seq FROM sqlite_sequence WHERE name = 'audit';

INSERT INTO audit_records (
  number, id, format, lane, sequence, at, team, key_id, key_name, dialect, operation,
  subject, jurisdiction, bucket, params,
  decision, rule, policy_version, warnings, client_address, reverts, body_digest, before_digest, after_digest,
  outcome, reconciled, code, upstream_status, cf_ray, duration_ms, previous_hash, hash
)
SELECT
  number, id, 1, lane, sequence, at, team, key_id, key_name, dialect, operation,
  'bucket:' || jurisdiction || '/' || bucket, jurisdiction, bucket,
  json_patch('{}', json_object('bucket', bucket, 'domain', domain, 'queueId', queue_id)), -- which leaves out NULLs
  decision, rule, NULL, warnings, client_address, reverts, body_digest, before_digest, after_digest,
  outcome, reconciled, code, upstream_status, cf_ray, duration_ms, previous_hash, hash
FROM audit;

DROP TABLE audit;
ALTER TABLE audit_records RENAME TO audit;

CREATE INDEX audit_by_time ON audit (at, number);
CREATE INDEX audit_by_team ON audit (team, at, number);
CREATE INDEX audit_by_bucket ON audit (bucket, at, number);
CREATE INDEX audit_by_subject ON audit (subject, at, number);
-- One pending change a subject, whichever lane it is in.
CREATE UNIQUE INDEX audit_pending ON audit (subject) WHERE outcome = 'pending';
