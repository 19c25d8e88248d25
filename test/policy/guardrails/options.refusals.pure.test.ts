import { describe, expect, test } from 'vitest'
import { optionRefusals } from './documents.ts'

/** What the options of each kind may hold: a pattern that would not mean what it shows is refused. */

const BAD_AGES = [
  '30 days',
  '0d',
  '-1d',
  '30',
  '1.5d',
  'd',
  '',
  ' 30d',
  '30d ',
  '30d\n',
  '30D',
  '+30d',
  '030d',
  '30m',
  '30w',
  '1d12h',
  '1e3d',
  '1000000d',
  '٣d',
  30,
  null,
  ['30d'],
]

test.each(BAD_AGES)('%j is no age', (age) => {
  expect(optionRefusals('lifecycle', { minDeleteAge: age })).toEqual(['/minDeleteAge'])
  expect(optionRefusals('locks', { minRetention: age })).toEqual(['/minRetention'])
})

test.each(['1h', '12h', '1d', '30d', '999999d'])('%s is an age', (age) => {
  expect(optionRefusals('lifecycle', { minDeleteAge: age })).toEqual([])
  expect(optionRefusals('locks', { minRetention: age })).toEqual([])
})

/** Hosts that don't mean what they show, as a host pattern and in an origin pattern. */
const BAD_HOSTS = [
  '*',
  '*.',
  '*.*',
  '*.*.example.com',
  'media.example.*',
  '**.example.com',
  '.example.com',
  '*..example.com',
  'a..example.com',
  'a b.example.com',
  'user@example.com',
  'example.com/',
  'example.com/path',
  'example.com?x',
  'example.com#x',
  'example.com\\x',
  'a%2eexample.com',
  '*.127.0.0.1',
  '*.1',
  '*.[::1]',
  '[::1',
  '[example.com]',
  '1.2.3.4.5',
  '',
  ' example.com',
  'example.com\n',
  '＊.example.com',
  '＊',
  // Regular expressions
  'www.+',
  '[a-z].example.com',
  '(www|cdn).example.com',
  '(www).example.com',
  'w+.example.com',
  'w{3}.example.com',
  '^www.example.com',
  'www.example.com$',
  'ww?.example.com',
]

/** A `*` within a label, or in the middle: R2 takes one in an origin, and no host is called so. */
const ORIGINS_ONLY = ['a.*.example.com', '*media.example.com', 'media*.example.com']

test.each(ORIGINS_ONLY)('%s makes an origin pattern', (host) => {
  expect(optionRefusals('cors', { origins: [`https://${host}`] })).toEqual([])
})

test.each([...BAD_HOSTS, ...ORIGINS_ONLY])('%j is no host pattern', (host) => {
  expect(optionRefusals('customDomains', { hostnames: ['a.example.com', host] })).toEqual(['/hostnames/1'])
})

describe.each(BAD_HOSTS)('%j', (host) => {
  test('makes no origin pattern', () => {
    const origins = ['https://a.example.com', `https://${host}`]
    expect(optionRefusals('cors', { origins })).toEqual(['/origins/1'])
  })
})

test.each([
  'example.com',
  'EXAMPLE.com',
  '*.example.com',
  '*.a.b.example.com',
  'bücher.example',
  'xn--bcher-kva.example',
  '127.0.0.1',
  '[::1]',
  'localhost',
  'a_b.example.com',
])('%s is a host pattern, and makes an origin pattern', (host) => {
  expect(optionRefusals('customDomains', { hostnames: [host] })).toEqual([])
  expect(optionRefusals('cors', { origins: [`https://${host}`] })).toEqual([])
})

test.each([
  '*',
  'null',
  'example.com',
  '//example.com',
  'https:example.com',
  'https:/example.com',
  '*://example.com',
  'http*://example.com',
  'https?://example.com',
  '(http|https)://example.com',
  'https://example.com:*',
  'https://example.com:',
  'https://example.com:65536',
  'https://example.com:8443x',
  'https://example.com:8443/',
  'https://example.com,https://example.org',
  'https://example.com https://example.org',
])('%j is no origin pattern', (origin) => {
  expect(optionRefusals('cors', { origins: [origin] })).toEqual(['/origins/0'])
})

test.each([
  'https://example.com:8443',
  'https://[::1]:8443',
  'http://localhost:3000',
  'app://localhost',
  'HTTPS://example.com:443',
])('%s is an origin pattern', (origin) => {
  expect(optionRefusals('cors', { origins: [origin] })).toEqual([])
})

const HEX = 'd41d8cd98f00b204e9800998ecf8427e'

test.each<[string, unknown, string[]]>([
  ['cors', { origins: 'https://example.com' }, ['/origins']],
  ['cors', { origins: [null] }, ['/origins/0']],
  ['cors', { methods: ['GET', 'get'] }, ['/methods/1']],
  ['cors', { methods: ['*'] }, ['/methods/0']],
  ['cors', { headers: ['x y'] }, ['/headers/0']],
  ['cors', { headers: ['x-[ab]'] }, ['/headers/0']],
  ['cors', { headers: [''] }, ['/headers/0']],
  ['cors', { maxAgeSeconds: 86_401 }, ['/maxAgeSeconds']],
  ['cors', { maxAgeSeconds: -1 }, ['/maxAgeSeconds']],
  ['cors', { maxAgeSeconds: 1.5 }, ['/maxAgeSeconds']],
  ['cors', { maxAgeSeconds: '60' }, ['/maxAgeSeconds']],
  ['cors', { anyOrigin: 'true' }, ['/anyOrigin']],
  ['lifecycle', { requirePrefix: false }, ['/requirePrefix']],
  ['lifecycle', { requirePrefix: 'yes' }, ['/requirePrefix']],
  ['locks', { neverWeaken: false }, ['/neverWeaken']],
  ['locks', { neverWeaken: null }, ['/neverWeaken']],
  ['managedDomain', { public: true }, ['/public']],
  ['managedDomain', { public: 'false' }, ['/public']],
  ['managedDomain', { public: null }, ['/public']],
  ['customDomains', { minTLS: 1.2 }, ['/minTLS']],
  ['customDomains', { minTLS: '1.4' }, ['/minTLS']],
  ['customDomains', { zoneIds: [HEX, HEX.toUpperCase()] }, ['/zoneIds/1']],
  ['customDomains', { zoneIds: ['*'] }, ['/zoneIds/0']],
  ['customDomains', { maxCount: -1 }, ['/maxCount']],
  ['customDomains', { maxCount: '3' }, ['/maxCount']],
  ['customDomains', { maxCount: 2.5 }, ['/maxCount']],
  ['eventNotifications', { queues: ['media-events'] }, ['/queues/0']],
  ['eventNotifications', { queues: [HEX.toUpperCase()] }, ['/queues/0']],
  ['eventNotifications', { queues: ['*'] }, ['/queues/0']],
  ['eventNotifications', { actions: ['PutObject', 'Put'] }, ['/actions/1']],
  ['bucketCreation', { locations: ['WEUR'] }, ['/locations/0']],
  ['bucketCreation', { locations: [] }, ['/locations']],
  ['bucketCreation', { jurisdictions: ['*'] }, ['/jurisdictions/0']],
  ['bucketCreation', { storageClasses: ['Glacier'] }, ['/storageClasses/0']],
  ['sippy', { providers: ['AWS'] }, ['/providers/0']],
  ['sippy', { providers: ['r2'] }, ['/providers/0']],
  ['sippy', { sourceBuckets: [''] }, ['/sourceBuckets/0']],
  ['sippy', { sourceBuckets: ['media-[ab]'] }, ['/sourceBuckets/0']],
  ['sippy', { sourceBuckets: ['(old|new)-assets'] }, ['/sourceBuckets/0']],
  ['sippy', { sourceBuckets: ['https://*.example.com/media'] }, ['/sourceBuckets/0']],
  ['sippy', { sourceBuckets: ['https://key@s3.example.com/media'] }, ['/sourceBuckets/0']],
  ['sippy', { sourceBuckets: ['ftp://s3.example.com/media'] }, ['/sourceBuckets/0']],
])('%s of %j is refused by place', (kind, options, places) => {
  expect(optionRefusals(kind, options)).toEqual(places)
})

test.each([
  'https://s3.example.com:443/media',
  'https://S3.example.com/media',
  'HTTP://s3.example.com:80/media',
])('%s is a source bucket: neither the case of a host nor the usual port says anything', (source) => {
  expect(optionRefusals('sippy', { sourceBuckets: [source] })).toEqual([])
})
