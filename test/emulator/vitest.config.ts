import { cloudflareTest } from '@cloudflare/vitest-pool-workers'
import { defineConfig } from 'vitest/config'
import { shared } from '../project.ts'

/** Not the bare pathname: a checkout may lie under a directory with a space in its name. */
const here = (path: string) => decodeURIComponent(new URL(path, import.meta.url).pathname)

export default defineConfig({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: here('../../emulator/wrangler.toml') },
      miniflare: { bindings: { EMULATOR_CONSOLE: 'off' } },
    }),
  ],
  test: {
    name: 'emulator',
    ...shared,
    dir: here('.'),
    include: ['**/*.test.ts'],
    setupFiles: [here('./reset.ts')],
  },
})
