import { cloudflareTest } from '@cloudflare/vitest-pool-workers'
import { defineConfig } from 'vitest/config'
import { patience } from '../patience.ts'

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
    isolate: false,
    ...patience,
    dir: here('.'),
    include: ['**/*.test.ts'],
    setupFiles: [here('./reset.ts')],
  },
})
