/** A secret of the Secrets Store, read when it is first needed. */
export interface StoredSecret {
  get(): Promise<string>
}

/** What wrangler.toml and the secrets bind. Nothing else of the environment is ever read. */
export interface Env {
  readonly DB: D1Database
  /** `laneNamed` of `lanes/stub.ts` gives them their type. */
  readonly LANES: DurableObjectNamespace
  readonly ASSETS: Fetcher
  readonly CLOUDFLARE_API_BASE_URL?: string
  readonly CLOUDFLARE_ACCOUNT_ID?: string
  readonly CLOUDFLARE_API_TOKEN?: string | StoredSecret
  readonly UPSTREAM_DEADLINE_MS?: string
  /** Where audit records go that are past retention. Without it they stay. */
  readonly AUDIT_EXPORT?: R2Bucket
  readonly AUDIT_RETENTION_DAYS?: string
}
