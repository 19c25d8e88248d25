import type { AuditRecord } from '../../src/audit/record.ts'
import { bucketSubject } from '../../src/audit/subject.ts'
import { canonicalJson } from '../../src/encoding/canonical-json.ts'
import type { Jurisdiction } from '../../src/policy/names.ts'
import { BUCKET, DOMAIN, type Example, QUEUE } from '../routes/examples.ts'
import { askUpstream } from './past-the-warden.ts'

/** What is configured where an example changes something, read past the warden and written as a record has it. */
export async function configuredFor(example: Example, jurisdiction = 'default'): Promise<unknown> {
  return asRecorded(example.name, await askUpstream(placeOf(example), { jurisdiction }))
}

/** What a record of an example says that it is about. */
export function aboutExample(
  example: Example,
  jurisdiction: Jurisdiction = 'default',
): Pick<AuditRecord, 'subject' | 'jurisdiction' | 'bucket' | 'params'> {
  const { bucket, ...others } = paramsOfExample(example)
  return {
    subject: bucketSubject({ jurisdiction, name: bucket }),
    jurisdiction,
    bucket,
    params: canonicalJson({ bucket, ...others }),
  }
}

/** What names the things that an example changes, be it in its path or its body. */
export const paramsOfExample = ({ name }: Example) => ({
  bucket: name === 'buckets.create' ? 'media-new' : BUCKET,
  ...(name.startsWith('buckets.domains.custom.') && { domain: DOMAIN }),
  ...(name.startsWith('buckets.eventNotifications.') && { queueId: QUEUE }),
})

/** Where upstream has what an example changes, below the account. */
export function placeOf({ name, sent }: Example): string {
  if (name === 'buckets.create') return `${sent.path}/media-new`
  return name === 'buckets.domains.custom.create' ? `${sent.path}/${DOMAIN}` : sent.path
}

const REDACTED = '[redacted]'

function asRecorded(name: string, result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return result
  if (name.startsWith('buckets.domains.custom.')) {
    const { status: _status, zoneName: _zoneName, ...set } = { status: null, zoneName: null, ...result }
    return set
  }
  if (!name.startsWith('buckets.sippy.')) return result
  if ('enabled' in result && result.enabled === false) return null
  const { destination } = { destination: {}, ...result }
  return { ...result, destination: { ...destination, account: REDACTED, accessKeyId: REDACTED } }
}
