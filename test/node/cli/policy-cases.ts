import { documentOf, Folder, policyCommand } from './policy-run.ts'

/** A small policy, and requests of which its rules decide one each: what the tests of `policy test` are made of. */

/** Whoever writes here removes it after all tests of its file. */
export const folder = new Folder()

export const DOCUMENT = documentOf(
  {
    grants: [{ role: 'admin', buckets: ['media-*'] }],
    deny: [{ name: 'keep', permissions: ['buckets.delete'], buckets: ['*-prod'] }],
    guardrails: [
      { name: 'origins', cors: { origins: ['https://*.example.com'] } },
      { name: 'floor', mode: 'warn', customDomains: { minTLS: '1.2' } },
      { name: 'watch', mode: 'shadow', managedDomain: { public: false } },
    ],
  },
  { roles: { 'cors-only': { permissions: ['buckets.cors.*'] } } },
)

export const GET = { team: 'media', operation: 'buckets.get', bucket: 'media-a' }
export const cors = (origin: string) => ({
  team: 'media',
  operation: 'buckets.cors.update',
  bucket: 'media-a',
  body: { rules: [{ allowed: { origins: [origin], methods: ['GET'] } }] },
})
export const tls = (minTLS: string) => ({
  team: 'media',
  operation: 'buckets.domains.custom.update',
  bucket: 'media-a',
  domain: 'cdn.example.com',
  body: { minTLS },
})

/** Runs cases, named by their place unless they have a name, against the document. */
export async function run(cases: readonly object[], ...flags: string[]) {
  const file = folder.write('policy.json', DOCUMENT)
  folder.write('policy.test.yaml', { cases: cases.map((one, index) => ({ name: `case ${index}`, ...one })) })
  return policyCommand('test', file, ...flags)
}

export async function report(cases: readonly object[], ...flags: string[]) {
  const { stdout, code } = await run(cases, '--json', ...flags)
  return { ...JSON.parse(stdout), code }
}
