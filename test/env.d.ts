declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import('../src/index.ts')
  }
  interface Env {
    UPSTREAM_DEADLINE_MS: string
    DB: D1Database
    LANES: DurableObjectNamespace<import('../src/lanes/lane.ts').Lane>
    ASSETS: Fetcher
    AUDIT_EXPORT: R2Bucket
    CLOUDFLARE_ACCOUNT_ID: string
    CLOUDFLARE_API_TOKEN: string
    MIGRATIONS: import('@cloudflare/vitest-pool-workers').D1Migration[]
  }
}

/** A file as its text, by the bundler. */
declare module '*?raw' {
  const text: string
  export default text
}
