-- When the buckets of a team that has as many as it may have were last looked for at Cloudflare. Each of its creations
-- is in a lane of its own, and together they look once a minute.
CREATE TABLE bucket_looks (
  team      TEXT PRIMARY KEY,
  looked_at INTEGER NOT NULL  -- Unix time, ms
) STRICT, WITHOUT ROWID;
