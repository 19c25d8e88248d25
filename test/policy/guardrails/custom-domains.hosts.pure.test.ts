import { expect, test } from 'vitest'
import { judge, pointersOf } from './judge.ts'

/** At which hosts a bucket may be public: the same reading of a host for adding, changing and removing. */

const hostnames = ['*.media.example.com']
const zoneId = '023e105f4ecef8ad9ca31a8372d0c353'

const added = (domain: unknown, patterns = hostnames) =>
  judge('customDomains', { hostnames: patterns }, { body: { domain, zoneId, enabled: true } })

const named = (operation: string, domain: string | undefined, patterns = hostnames) =>
  judge('customDomains', { hostnames: patterns }, { operation, domain, body: { enabled: false } })

const ON_ONE_DOMAIN = ['buckets.domains.custom.update', 'buckets.domains.custom.delete']

const covered: [string, string][] = [
  ['a host one label below', 'a.media.example.com'],
  ['a host several labels below', 'a.b.media.example.com'],
  ['upper case', 'CDN.Media.Example.com'],
  ['another script below', 'bücher.media.example.com'],
  ['another script below in punycode', 'xn--bcher-kva.media.example.com'],
]

const refused: [string, string][] = [
  ['the host itself', 'media.example.com'],
  ['a host that only ends alike', 'evilmedia.example.com'],
  ['a host that only begins alike', 'a.media.example.com.evil.org'],
  ['the parent', 'example.com'],
  ['a sibling', 'a.example.com'],
  ['a trailing dot', 'a.media.example.com.'],
  ['a leading dot', '.media.example.com'],
  ['an empty label', 'a..media.example.com'],
  ['a wildcard', '*.media.example.com'],
  ['a wildcard above', '*.example.com'],
  ['everything', '*'],
  ['a scheme', 'https://a.media.example.com'],
  ['a port', 'a.media.example.com:8443'],
  ['the usual port', 'a.media.example.com:443'],
  ['a user', 'user@a.media.example.com'],
  ['a path', 'evil.org/.media.example.com'],
  ['a query', 'evil.org?.media.example.com'],
  ['a fragment', 'evil.org#.media.example.com'],
  ['a backslash', 'evil.org\\.media.example.com'],
  ['a percent sign', 'a%2emedia.example.com'],
  ['a blank', 'evil.org .media.example.com'],
  ['a line break behind', 'a.media.example.com\n'],
  ['a tab inside', 'evil.org\t.media.example.com'],
  ['an address', '127.0.0.1'],
  ['an address as one number', '2130706433'],
  ['an IPv6 address', '[::1]'],
  ['a look-alike letter', 'a.mеdia.example.com'],
  ['nothing', ''],
]

test.each(covered)('%s may be added', (_, domain) => {
  expect(added(domain)).toEqual([])
})

test.each(refused)('%s may not be added', (_, domain) => {
  expect(pointersOf(added(domain))).toEqual(['/domain'])
})

test('a refused host is told with its place, itself and the patterns that may stand', () => {
  expect(added('cdn.evil.org')).toEqual([
    {
      pointer: '/domain',
      message: 'host cdn.evil.org is not allowed',
      value: 'cdn.evil.org',
      allowed: hostnames,
    },
  ])
})

test.each([null, 1, ['a.media.example.com'], { 0: 'a' }, true, undefined])(
  'a domain of %j cannot be read, and is refused',
  (domain) => {
    expect(pointersOf(added(domain))).toEqual(['/domain'])
  },
)

test.each(['www.example.com', 'WWW.Example.Com'])('a pattern without a wildcard covers %s', (domain) => {
  expect(added(domain, ['www.example.com'])).toEqual([])
})

test.each(['a.www.example.com', 'example.com', 'www.example.com.'])(
  'a pattern without a wildcard does not cover %s',
  (domain) => {
    expect(added(domain, ['www.example.com'])).toHaveLength(1)
  },
)

test('an empty list of patterns covers no host', () => {
  expect(added('a.media.example.com', [])).toHaveLength(1)
})

test.each(ON_ONE_DOMAIN)('%s on a host that is covered passes', (operation) => {
  expect(named(operation, 'a.media.example.com')).toEqual([])
})

test.each(ON_ONE_DOMAIN)(
  '%s on a host that is not covered is refused, though the body is not at fault',
  (operation) => {
    expect(named(operation, 'cdn.evil.org')).toEqual([
      { pointer: '', message: 'host cdn.evil.org is not allowed', value: 'cdn.evil.org', allowed: hostnames },
    ])
  },
)

test.each(ON_ONE_DOMAIN)('%s without a host is refused', (operation) => {
  expect(named(operation, undefined)).toHaveLength(1)
})
