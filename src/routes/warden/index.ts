import { resource } from '../operation.ts'
import { auditGet, auditList, auditRevert } from './audit.ts'
import { docs, docsFile, openapi, policySchema } from './documents.ts'
import { explain } from './explain.ts'
import { healthz, readyz } from './health.ts'
import { whoami } from './whoami.ts'

/** What can be asked of the warden itself. */
export const warden = resource('Warden', [
  whoami,
  explain,
  auditList,
  auditGet,
  auditRevert,
  healthz,
  readyz,
  openapi,
  policySchema,
  docs,
  docsFile,
])
