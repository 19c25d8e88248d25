declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import('../src/index.ts')
  }
  interface Env {
    DB: D1Database
    ASSETS: Fetcher
    CLOUDFLARE_ACCOUNT_ID: string
    CLOUDFLARE_API_TOKEN: string
    MIGRATIONS: import('@cloudflare/vitest-pool-workers').D1Migration[]
  }
}
