import { keepSecret } from '../leak-watch.ts'
import { BUCKET, type Example } from '../routes/examples.ts'

/** A source of Sippy's, with every credential that its body holds. */
export interface Source {
  readonly name: string
  readonly body: { readonly source: Record<string, string>; readonly destination: Record<string, string> }
  /** What no trace may be left of: the part of each credential that is the same however it is written. */
  readonly secrets: readonly string[]
}

const core = (what: string) => `${what}-that-must-leave-no-trace`

/** As real ones look: with what JSON, URLs and shells write in more than one way. */
const CREDENTIALS: Readonly<Record<string, (secret: string) => string>> = {
  accessKeyId: (secret) => secret,
  secretAccessKey: (secret) => `wJalr/${secret}+bPxRfi/CYEXAMPLE`,
  clientEmail: (secret) => `${secret}@project.iam.gserviceaccount.com`,
  privateKey: (secret) => `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----\n`,
  accountKey: (secret) => `${secret}/Kb+w==`,
  sasToken: (secret) => `?sv=2024-11-04&sig=${secret}%2Fa%3D&se="2030"`,
}

function source(name: string, shown: Record<string, string>, credentials: readonly string[]): Source {
  const secrets: string[] = []
  const made = (end: string, names: readonly string[]) =>
    Object.fromEntries(
      names.map((credential) => {
        const secret = core(`${name}-${end}-${credential}`)
        secrets.push(secret)
        return [credential, CREDENTIALS[credential]?.(secret) ?? secret]
      }),
    )
  const body = {
    source: { ...shown, ...made('from', credentials) },
    destination: { provider: 'r2', ...made('to', ['accessKeyId', 'secretAccessKey']) },
  }
  for (const secret of secrets) keepSecret(secret)
  return { name, body, secrets }
}

export const sources: readonly Source[] = [
  source('aws', { provider: 'aws', bucket: 'old-assets', region: 'us-east-1' }, [
    'accessKeyId',
    'secretAccessKey',
  ]),
  source('gcs', { provider: 'gcs', bucket: 'old-assets' }, ['clientEmail', 'privateKey']),
  source('s3', { provider: 's3', bucketUrl: 'https://s3.example.com/old-assets' }, [
    'accessKeyId',
    'secretAccessKey',
  ]),
  source('azure-key', { provider: 'azure', accountName: 'oldassets', container: 'media' }, ['accountKey']),
  source('azure-sas', { provider: 'azure', accountName: 'oldassets', container: 'media' }, ['sasToken']),
]

/** Turning Sippy on, with any body. */
export const sippyWith = (body: unknown): Example => ({
  name: 'buckets.sippy.update',
  method: 'PUT',
  path: `/buckets/${BUCKET}/sippy`,
  body,
  status: 200,
  sent: { path: `/r2/buckets/${BUCKET}/sippy` },
})
