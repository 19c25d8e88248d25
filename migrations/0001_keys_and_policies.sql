-- One policy document is one version. It is never changed, only followed by the next: the shared part
-- (roles, organization) in `policies`, each team's part in a row of its own, so that a request reads one
-- team however many there are. `active_policy` points at the version in force; moving it is what applies.
CREATE TABLE policies (
  version    INTEGER PRIMARY KEY,
  shared     TEXT NOT NULL,    -- JSON: version, roles, organization
  digest     TEXT NOT NULL,    -- SHA-256 of the document, hex
  problem    TEXT,             -- why the document could not be read: then everything is denied
  applied_at INTEGER NOT NULL  -- Unix time, ms
) STRICT;

CREATE TABLE team_policies (
  version  INTEGER NOT NULL REFERENCES policies (version),
  team     TEXT NOT NULL,
  document TEXT NOT NULL,      -- JSON: grants, deny
  PRIMARY KEY (version, team)
) STRICT, WITHOUT ROWID;

CREATE TABLE active_policy (
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL REFERENCES policies (version)
) STRICT;

CREATE TABLE keys (
  id          TEXT PRIMARY KEY,  -- the public part of the key
  secret_hash TEXT NOT NULL,     -- SHA-256 of the secret part, hex
  team        TEXT NOT NULL,
  name        TEXT NOT NULL,
  scope       TEXT,              -- JSON: role, permissions, buckets, jurisdictions
  created_at  INTEGER NOT NULL,  -- Unix time, ms
  expires_at  INTEGER NOT NULL,  -- Unix time, ms
  revoked_at  INTEGER            -- Unix time, ms
) STRICT, WITHOUT ROWID;

CREATE INDEX keys_by_team ON keys (team, name);
