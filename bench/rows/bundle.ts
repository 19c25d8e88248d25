import { gzipSync } from 'node:zlib'
import type { Row } from './row.ts'

/** Size of what would be deployed, gzipped. */
export const bundle: Row = async ({ bundles }) => {
  const { warden } = bundles
  const kib = gzipSync(warden, { level: 9 }).length / 1024
  return [
    {
      what: 'Worker bundle, gzipped',
      against: '',
      value: kib,
      unit: 'KiB',
      bar: { atMost: 120 },
      detail: `${(Buffer.byteLength(warden) / 1024).toFixed(0)} KiB minified`,
    },
  ]
}
