import { SIPPY_PROVIDERS } from '../policy/names.ts'

/**
 * Credentials in a body or a configuration of Sippy's. What may be kept is named, and looks like what it should be;
 * everything else, known or not, is taken for a credential: on v4 a body has whatever fields its sender gave it.
 */
const ENDS = ['source', 'destination']
const REDACTED = '[redacted]'
/** In place of the names of fields that nobody knows. */
const OTHERS = '[others]'

const NAME = /^[A-Za-z0-9._-]{1,255}$/
const isName = (text: string) => NAME.test(text)

const PROVIDERS: readonly string[] = [...SIPPY_PROVIDERS, 'r2']

/** The fields that may be shown, when their value looks like one. */
const SHOWN: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['provider', (text) => PROVIDERS.includes(text)],
  ['bucket', isName],
  ['region', isName],
  ['container', isName],
  ['accountName', isName],
  ['bucketUrl', isPlainUrl],
])
const KEPT_SECRET = [
  'account',
  'accessKeyId',
  'secretAccessKey',
  'clientEmail',
  'privateKey',
  'accountKey',
  'sasToken',
]
const FIELDS = ['enabled', ...ENDS, ...SHOWN.keys(), ...KEPT_SECRET]

/** The value with everything in it that may be a credential blacked out. */
export function withoutCredentials(value: unknown): unknown {
  return mapMembers(value, (key, item) => {
    if (key === 'enabled' && typeof item === 'boolean') return item
    if (!ENDS.includes(key)) return REDACTED
    return mapMembers(item, (name, part) => (mayBeShown(name, part) ? part : REDACTED))
  })
}

/** Every text in the value that may be a credential. */
export function credentialsIn(value: unknown): readonly string[] {
  return membersOf(value).flatMap(([key, item]) =>
    ENDS.includes(key) && isObject(item)
      ? membersOf(item).flatMap(([name, part]) => (mayBeShown(name, part) ? [] : textsIn(part)))
      : textsIn(item),
  )
}

const CREDENTIAL = /secret|token|passw|credential|(access|account|private|api)[-_]?key/i

/**
 * A body of another operation has no credentials in it, unless somebody sends one of Sippy's to the wrong place: on
 * v4 that may well be taken.
 */
export function withoutNamedCredentials(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNamedCredentials)
  if (!isObject(value)) return value
  return Object.fromEntries(
    membersOf(value).map(([key, item]) => [
      key,
      CREDENTIAL.test(key) ? REDACTED : withoutNamedCredentials(item),
    ]),
  )
}

function mayBeShown(name: string, part: unknown): boolean {
  const looksLikeIt = SHOWN.get(name)
  return looksLikeIt !== undefined && (part === null || (typeof part === 'string' && looksLikeIt(part)))
}

/** A URL can carry a user, a password or a signature; and a key with its secret after a colon is one of some scheme. */
function isPlainUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return false
  return url.username + url.password + url.search + url.hash === ''
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)

function membersOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

function mapMembers(value: unknown, map: (key: string, item: unknown) => unknown): unknown {
  if (value === null || value === undefined) return null
  if (!isObject(value)) return REDACTED
  return Object.fromEntries(
    membersOf(value).map(([key, item]) =>
      FIELDS.includes(key) ? [key, map(key, item)] : [OTHERS, REDACTED],
    ),
  )
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)]
  return membersOf(value).flatMap(([, item]) => textsIn(item))
}
