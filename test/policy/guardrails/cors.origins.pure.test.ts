import { expect, test } from 'vitest'
import { judge, pointersOf } from './judge.ts'

/** Which origins a pattern stands for: what people mean by it, never what a raw text happens to look like. */

const withOrigins = (...origins: unknown[]) => ({ rules: [{ allowed: { origins, methods: ['GET'] } }] })

function isCovered(pattern: string, origin: string): boolean {
  return judge('cors', { origins: [pattern] }, { body: withOrigins(origin) }).length === 0
}

const BELOW_MEDIA = 'https://*.media.example.com'

test.each<[string, string]>([
  ['a host one label below', 'https://a.media.example.com'],
  ['a host several labels below', 'https://a.b.c.media.example.com'],
  ['upper case', 'HTTPS://A.Media.EXAMPLE.com'],
  ['the usual port, written out', 'https://a.media.example.com:443'],
  ['the same wildcard', 'https://*.media.example.com'],
  ['the same wildcard in upper case', 'https://*.MEDIA.example.com'],
  ['a narrower wildcard', 'https://*.a.media.example.com'],
  ['a wildcard that starts a label', 'https://*a.media.example.com'],
  ['a wildcard inside a label', 'https://a*.media.example.com'],
  ['a wildcard as a label in the middle', 'https://a.*.media.example.com'],
  ['another script below, as it is read', 'https://bücher.media.example.com'],
  ['another script below, as it is sent', 'https://xn--bcher-kva.media.example.com'],
  ['a label of digits', 'https://1.media.example.com'],
  ['a label with hyphens and an underscore', 'https://a--b_c.media.example.com'],
])('https://*.media.example.com covers %s', (_, origin) => {
  expect(isCovered(BELOW_MEDIA, origin)).toBe(true)
})

test.each<[string, string]>([
  ['the host itself', 'https://media.example.com'],
  ['a host that only ends alike', 'https://evilmedia.example.com'],
  ['a host that only begins alike', 'https://a.media.example.com.evil.org'],
  ['the pattern host before another', 'https://media.example.com.evil.org'],
  ['a sibling', 'https://a.example.com'],
  ['the parent', 'https://example.com'],
  ['a trailing dot', 'https://a.media.example.com.'],
  ['two trailing dots', 'https://a.media.example.com..'],
  ['a leading dot', 'https://.media.example.com'],
  ['an empty label inside', 'https://a..media.example.com'],
  ['another scheme', 'http://a.media.example.com'],
  ['a scheme that only begins alike', 'httpsx://a.media.example.com'],
  ['no scheme', 'a.media.example.com'],
  ['a scheme without slashes', 'https:a.media.example.com'],
  ['one slash', 'https:/a.media.example.com'],
  ['three slashes', 'https:///a.media.example.com'],
  ['backslashes', 'https:\\\\a.media.example.com'],
  ['another port', 'https://a.media.example.com:8443'],
  ['the port of another scheme', 'https://a.media.example.com:80'],
  ['port 0', 'https://a.media.example.com:0'],
  ['an empty port', 'https://a.media.example.com:'],
  ['any port', 'https://a.media.example.com:*'],
  ['a port out of range', 'https://a.media.example.com:65979'],
  ['a user', 'https://a.media.example.com@evil.org'],
  ['a user of its own', 'https://user@a.media.example.com'],
  ['a user and a password', 'https://a.media.example.com:443@evil.org'],
  ['an empty path', 'https://a.media.example.com/'],
  ['a path', 'https://evil.org/.media.example.com'],
  ['a query', 'https://evil.org?.media.example.com'],
  ['a fragment', 'https://evil.org#.media.example.com'],
  ['a backslash for a slash', 'https://evil.org\\.media.example.com'],
  ['a percent-encoded slash', 'https://evil.org%2f.media.example.com'],
  ['a percent-encoded dot', 'https://a%2emedia.example.com'],
  ['a percent sign', 'https://100%.media.example.com'],
  ['a blank in front', ' https://a.media.example.com'],
  ['a blank behind', 'https://a.media.example.com '],
  ['a line break behind', 'https://a.media.example.com\n'],
  ['a tab inside, which a URL parser drops', 'https://evil.org\t.media.example.com'],
  ['a second origin behind a blank', 'https://a.media.example.com https://evil.org'],
  ['a second origin behind a comma', 'https://evil.org,https://a.media.example.com'],
  ['a NUL', 'https://evil.org\0.media.example.com'],
  ['any origin', '*'],
  ['any host', 'https://*'],
  ['any scheme', '*://a.media.example.com'],
  ['a wildcard that ends inside a label', 'https://*media.example.com'],
  ['a wildcard in the last label', 'https://a.media.example.c*m'],
  ['a wildcard in a look-alike', 'https://a.*media.example.com'],
  ['two wildcards', 'https://*.*.media.example.com'],
  ['a wildcard above', 'https://*.example.com'],
  ['a wildcard of a look-alike', 'https://*.evilmedia.example.com'],
  ['a wildcard behind', 'https://a.media.example.*'],
  ['a wildcard with a path behind', 'https://*/.media.example.com'],
  ['null', 'null'],
  ['null in upper case', 'NULL'],
  ['nothing', ''],
  ['an IPv4 address', 'https://127.0.0.1'],
  ['an IPv4 address as one number', 'https://2130706433'],
  ['an IPv6 address', 'https://[::1]'],
  ['an IPv6 address with the host in brackets', 'https://[a.media.example.com]'],
  ['a look-alike letter of another script', 'https://a.mеdia.example.com'],
  ['the letters of another script, punycoded', 'https://a.xn--mdia-s5a.example.com'],
  ['a zero-width space before another domain', 'https://a.media.example.com\u200b.evil.org'],
  ['a full-width dot before another domain', 'https://a.media.example.com．evil.org'],
  ['a full-width slash', 'https://evil.org／.media.example.com'],
  ['a character that turns into a slash and letters', 'https://evil.org℀.media.example.com'],
])('https://*.media.example.com does not cover %s', (_, origin) => {
  expect(isCovered(BELOW_MEDIA, origin)).toBe(false)
})

test.each<[string, string, string]>([
  ['a host in upper case', 'https://www.example.com', 'https://WWW.example.com'],
  ['its usual port', 'https://www.example.com', 'https://www.example.com:443'],
  ['the usual port of http', 'http://www.example.com', 'http://www.example.com:80'],
  ['a pattern with the usual port', 'https://www.example.com:443', 'https://www.example.com'],
  ['a port with a leading zero', 'https://www.example.com:8443', 'https://www.example.com:08443'],
  ['its punycode', 'https://bücher.example', 'https://xn--bcher-kva.example'],
  ['what its punycode stands for', 'https://xn--bcher-kva.example', 'https://bücher.example'],
  ['full-width letters, which are the same host', 'https://a.example', 'https://ａ.example'],
  ['a zero-width space, which is dropped', 'https://ab.example', 'https://a\u200bb.example'],
  ['127.0.0.1 in hexadecimal', 'https://127.0.0.1', 'https://0x7f.1'],
  ['127.0.0.1 in octal', 'https://127.0.0.1', 'https://0177.0.0.01'],
  ['127.0.0.1 as one number', 'https://127.0.0.1', 'https://2130706433'],
  ['an IPv6 address written at length', 'https://[::1]', 'https://[0:0:0:0:0:0:0:1]'],
  ['an IPv6 address in upper case', 'https://[2001:db8::a]', 'https://[2001:DB8::A]'],
  ['an IPv6 address with its port', 'https://[::1]:8443', 'https://[::1]:8443'],
  ['a scheme that is not of the web', 'app://localhost', 'app://localhost'],
])('a pattern without a wildcard covers %s', (_, pattern, origin) => {
  expect(isCovered(pattern, origin)).toBe(true)
})

test.each<[string, string, string]>([
  ['a host below', 'https://www.example.com', 'https://a.www.example.com'],
  ['a wildcard below', 'https://www.example.com', 'https://*.www.example.com'],
  ['a trailing dot', 'https://www.example.com', 'https://www.example.com.'],
  ['another port', 'https://www.example.com:8443', 'https://www.example.com:8444'],
  ['no port where one is named', 'https://www.example.com:8443', 'https://www.example.com'],
  ['port 80 at https', 'https://www.example.com', 'https://www.example.com:80'],
  ['port 443 at http', 'http://www.example.com', 'http://www.example.com:443'],
  ['https where http is named', 'http://www.example.com', 'https://www.example.com'],
  ['another address', 'https://127.0.0.1', 'https://127.0.0.2'],
  ['a host below an address', 'https://127.0.0.1', 'https://a.127.0.0.1'],
  ['another IPv6 address', 'https://[::1]', 'https://[::2]'],
  ['an IPv4 address as IPv6', 'https://127.0.0.1', 'https://[::ffff:127.0.0.1]'],
])('a pattern without a wildcard does not cover %s', (_, pattern, origin) => {
  expect(isCovered(pattern, origin)).toBe(false)
})

test('the port of a wildcard pattern holds for every host below it', () => {
  expect(isCovered('https://*.media.example.com:8443', 'https://a.media.example.com:8443')).toBe(true)
  expect(isCovered('https://*.media.example.com:8443', 'https://a.media.example.com')).toBe(false)
})

test.each(['https://＊', 'https://＊.evil.org'])(
  'the full-width wildcard of %s, which becomes `*`, is no plain origin',
  (origin) => {
    expect(pointersOf(judge('cors', { methods: ['GET'] }, { body: withOrigins(origin) }))).toEqual([
      '/rules/0/allowed/origins/0',
    ])
  },
)

test('each origin of each rule is judged, and named by its place', () => {
  const good = 'https://a.media.example.com'
  const bad = 'https://evil.org'
  const rule = (...origins: string[]) => ({ allowed: { origins, methods: ['GET'] } })
  const body = { rules: [rule(good, bad), rule(good), rule(bad, good, '*')] }
  expect(pointersOf(judge('cors', { origins: [BELOW_MEDIA] }, { body }))).toEqual([
    '/rules/0/allowed/origins/1',
    '/rules/2/allowed/origins/0',
    '/rules/2/allowed/origins/2',
  ])
})

test('one pattern of several is enough', () => {
  const origins = ['https://www.example.com', BELOW_MEDIA]
  const body = withOrigins('https://a.media.example.com', 'https://www.example.com')
  expect(judge('cors', { origins }, { body })).toEqual([])
})

test('an empty list of patterns covers no origin', () => {
  const body = withOrigins('https://a.media.example.com')
  expect(pointersOf(judge('cors', { origins: [] }, { body }))).toEqual(['/rules/0/allowed/origins/0'])
})

const PREVIEWS = 'https://preview-*.pages.dev'

test.each<[string, string]>([
  ['a name for the wildcard', 'https://preview-42.pages.dev'],
  ['nothing for the wildcard', 'https://preview-.pages.dev'],
  ['upper case', 'https://PREVIEW-42.Pages.dev'],
  ['the usual port', 'https://preview-42.pages.dev:443'],
  ['the same wildcard', 'https://preview-*.pages.dev'],
  ['a narrower wildcard that goes on before', 'https://preview-4*.pages.dev'],
  ['a narrower wildcard that goes on behind', 'https://preview-*-x.pages.dev'],
])('https://preview-*.pages.dev covers %s', (_, origin) => {
  expect(isCovered(PREVIEWS, origin)).toBe(true)
})

test.each<[string, string]>([
  ['another name', 'https://review-42.pages.dev'],
  ['a label more, which is somebody else', 'https://preview-x.evil.pages.dev'],
  ['a label less', 'https://preview-pages.dev'],
  ['a wider wildcard', 'https://preview*.pages.dev'],
  ['every name', 'https://*.pages.dev'],
  ['two wildcards', 'https://preview-*-*.pages.dev'],
  ['another domain', 'https://preview-42.pages.dev.evil.org'],
  ['another domain in the wildcard', 'https://preview-evil.org#.pages.dev'],
  ['another scheme', 'http://preview-42.pages.dev'],
  ['another port', 'https://preview-42.pages.dev:8443'],
  ['a wildcard as a port', 'https://preview-42.pages.dev:*'],
])('https://preview-*.pages.dev does not cover %s', (_, origin) => {
  expect(isCovered(PREVIEWS, origin)).toBe(false)
})

test.each<[string, string, boolean]>([
  ['https://*-app.example.workers.dev', 'https://my-app.example.workers.dev', true],
  ['https://*-app.example.workers.dev', 'https://x*-app.example.workers.dev', true],
  ['https://*-app.example.workers.dev', 'https://app.example.workers.dev', false],
  ['https://a.*.example.com', 'https://a.b.example.com', true],
  ['https://a.*.example.com', 'https://a.b.c.example.com', false],
  ['https://ab*ba.example.com', 'https://aba.example.com', false],
])('%s covers %s: %j', (pattern, origin, expected) => {
  expect(isCovered(pattern, origin)).toBe(expected)
})
