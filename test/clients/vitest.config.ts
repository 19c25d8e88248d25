import { defineConfig } from 'vitest/config'
import { shared } from '../project.ts'

/** Not the bare pathname: a checkout may lie under a directory with a space in its name. */
const here = (path: string) => decodeURIComponent(new URL(path, import.meta.url).pathname)

/** Real clients against the running stack, which all files of this folder share. */
export default defineConfig({
  test: {
    name: 'clients',
    dir: here('.'),
    include: ['**/*.test.ts'],
    globalSetup: [here('./start.ts')],
    ...shared,
  },
})
