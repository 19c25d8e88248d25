import { DOMAIN, type Example } from '../routes/examples.ts'
import { askUpstream } from './past-the-warden.ts'

/** What is configured where an example changes something, read past the warden and written as a record has it. */
export async function configuredFor(example: Example, jurisdiction = 'default'): Promise<unknown> {
  return asRecorded(example.name, await askUpstream(placeOf(example), { jurisdiction }))
}

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
