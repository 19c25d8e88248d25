import { documentOf, Folder, policyCommand } from './policy-run.ts'

/** Small documents that differ in one thing, and what `policy diff` says of them. */

export async function diff(before: object, after: object, ...flags: string[]) {
  const folder = new Folder()
  try {
    const [old, now] = [folder.write('old.json', before), folder.write('new.json', after)]
    return await policyCommand('diff', old, now, ...flags)
  } finally {
    folder.remove()
  }
}

/** What team media gains (`+ …`), loses (`- …`) and what else changes (`~ …`). */
export async function changes(before: object, after: object): Promise<string[]> {
  const { stdout } = await diff(before, after)
  return stdout.split('\n').flatMap((line) => (/^ {2}[+~-] /.test(line) ? line.trim() : []))
}

export const grant = (role: string, buckets: string[], more: object = {}) => ({ role, buckets, ...more })
export const granted = (...grants: object[]) => documentOf({ grants })
export const CORS = { roles: { cors: { permissions: ['buckets.cors.*'] } } }
export const cors = (...buckets: string[]) => documentOf({ grants: [grant('cors', buckets)] }, CORS)
export const admin = (rules: object) => documentOf({ grants: [grant('admin', ['media-*'])], ...rules })
export const tls = (minTLS: string, more: object = {}) =>
  admin({ guardrails: [{ name: 'tls', customDomains: { minTLS }, ...more }] })
