-- One row a change, and one a denied change. It is written before the change is sent (outcome `pending`) and closed
-- once; a closed row is never changed again. What was sent and what was there are in `audit_values`, under digests
-- that the row's hash covers.
CREATE TABLE audit (
  number          INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which rows were written
  id              TEXT NOT NULL UNIQUE,  -- the request's id
  lane            TEXT NOT NULL,         -- `bucket:<jurisdiction>/<name>`, `team:<name>` for creations, `denials:<team>`
  sequence        INTEGER NOT NULL,      -- place in the chain of its lane, from 1 on
  at              INTEGER NOT NULL,      -- Unix time, ms
  team            TEXT NOT NULL,
  key_id          TEXT NOT NULL,
  key_name        TEXT NOT NULL,
  dialect         TEXT NOT NULL,         -- v1 or v4
  operation       TEXT NOT NULL,
  jurisdiction    TEXT NOT NULL,
  bucket          TEXT NOT NULL,
  domain          TEXT,
  queue_id        TEXT,
  decision        TEXT NOT NULL CHECK (decision IN ('allowed', 'denied')),
  rule            TEXT,                  -- what decided: a grant's label, a deny rule, guardrails, `limits.buckets`
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

CREATE INDEX audit_by_time ON audit (at, number);
CREATE INDEX audit_by_team ON audit (team, at, number);
CREATE INDEX audit_by_bucket ON audit (bucket, at, number);
-- One pending change a bucket, whichever lane it is in: creations go through the lane of their team.
CREATE UNIQUE INDEX audit_pending ON audit (jurisdiction, bucket) WHERE outcome = 'pending';

-- The body as sent (without credentials), and the configuration before and after: canonical JSON.
CREATE TABLE audit_values (
  id    TEXT NOT NULL,
  part  TEXT NOT NULL CHECK (part IN ('body', 'before', 'after')),
  value TEXT NOT NULL,
  PRIMARY KEY (id, part)
) STRICT, WITHOUT ROWID;

-- Where a chain begins after retention has removed its oldest rows.
CREATE TABLE audit_checkpoints (
  lane     TEXT PRIMARY KEY,
  sequence INTEGER NOT NULL,  -- of the last row removed
  hash     TEXT NOT NULL      -- of the last row removed
) STRICT, WITHOUT ROWID;

-- The buckets that count towards a team's `limits.buckets`: those that it created and nobody has deleted.
CREATE TABLE bucket_slots (
  jurisdiction TEXT NOT NULL,
  bucket       TEXT NOT NULL,
  team         TEXT NOT NULL,
  audit_id     TEXT NOT NULL,  -- the creation that took it
  PRIMARY KEY (jurisdiction, bucket, team)
) STRICT, WITHOUT ROWID;

CREATE INDEX bucket_slots_by_team ON bucket_slots (team);

-- Idempotency keys, for 24 hours each.
CREATE TABLE idempotency_keys (
  key_id      TEXT NOT NULL,     -- the team key that sent it
  key_digest  TEXT NOT NULL,     -- SHA-256 of the idempotency key, hex
  fingerprint TEXT NOT NULL,     -- SHA-256 of the request, hex
  audit_id    TEXT NOT NULL,     -- the change that was made under it
  answer      TEXT,              -- JSON of the first answer; NULL while there is none
  expires_at  INTEGER NOT NULL,  -- Unix time, ms
  PRIMARY KEY (key_id, key_digest)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_keys_by_change ON idempotency_keys (audit_id);
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);
