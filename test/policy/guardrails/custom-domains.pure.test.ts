import { describe, expect, test } from 'vitest'
import { judge, pointersOf } from './judge.ts'

const ZONE = '023e105f4ecef8ad9ca31a8372d0c353'
const OTHER_ZONE = 'ffffffffffffffffffffffffffffffff'
const domain = 'cdn.media.example.com'

const added = (options: unknown, change: object = {}, current?: unknown) =>
  judge('customDomains', options, {
    body: { domain, zoneId: ZONE, enabled: true, ...change },
    current: { 'buckets.domains.custom.list': current },
  })

const changed = (options: unknown, body: unknown, current?: unknown) =>
  judge('customDomains', options, {
    operation: 'buckets.domains.custom.update',
    domain,
    body,
    current: { 'buckets.domains.custom.get': current },
  })

describe('the zone', () => {
  test('passes when it is named', () => {
    expect(added({ zoneIds: [OTHER_ZONE, ZONE] })).toEqual([])
  })

  test('is refused when it is another', () => {
    expect(added({ zoneIds: [OTHER_ZONE] })).toEqual([
      { pointer: '/zoneId', message: `zone ${ZONE} is not allowed`, value: ZONE, allowed: [OTHER_ZONE] },
    ])
  })

  test.each(['', ZONE.toUpperCase(), `${ZONE} `, ZONE.slice(1)])('is not taken for %j', (zoneId) => {
    expect(pointersOf(added({ zoneIds: [ZONE] }, { zoneId }))).toEqual(['/zoneId'])
  })

  test.each([null, undefined, [ZONE], 0])('of %j cannot be read, and is refused', (zoneId) => {
    expect(pointersOf(added({ zoneIds: [ZONE] }, { zoneId }))).toEqual(['/zoneId'])
  })

  test('is refused by an empty list', () => {
    expect(added({ zoneIds: [] })).toHaveLength(1)
  })
})

describe('the TLS floor, when a domain is added,', () => {
  test.each([
    ['1.0', '1.0'],
    ['1.2', '1.2'],
    ['1.2', '1.3'],
    ['1.3', '1.3'],
  ])('%s is kept by %s', (minTLS, version) => {
    expect(added({ minTLS }, { minTLS: version })).toEqual([])
  })

  test.each([
    ['1.1', '1.0'],
    ['1.2', '1.1'],
    ['1.3', '1.2'],
    ['1.2', ''],
    ['1.2', '1.4'],
    ['1.2', '2'],
    ['1.2', '1.20'],
    ['1.2', '1.2 '],
    ['1.2', 'TLSv1.3'],
    ['1.0', 'off'],
  ])('%s is not kept by %j', (minTLS, version) => {
    expect(pointersOf(added({ minTLS }, { minTLS: version }))).toEqual(['/minTLS'])
  })

  test('is not kept by a domain without a version, which takes 1.0', () => {
    expect(added({ minTLS: '1.2' })).toEqual([
      { pointer: '/minTLS', message: 'TLS 1.0 is below 1.2', value: '1.0', allowed: '1.2 or higher' },
    ])
  })

  test('of 1.0 is kept by a domain without a version', () => {
    expect(added({ minTLS: '1.0' })).toEqual([])
  })

  test.each([1.2, null, ['1.3'], { min: '1.3' }, true])('is not kept by %j, which is no text', (minTLS) => {
    expect(pointersOf(added({ minTLS: '1.2' }, { minTLS }))).toEqual(['/minTLS'])
  })
})

describe('the TLS floor, when a domain is changed,', () => {
  const floor = { minTLS: '1.2' }

  test.each<[string, object, unknown]>([
    ['the change names a version above it', { minTLS: '1.3' }, { minTLS: '1.0' }],
    ['the change names the version itself', { minTLS: '1.2' }, { minTLS: '1.0' }],
    ['the domain is there with the version', { enabled: true }, { minTLS: '1.2' }],
    ['the domain is there with a higher one', { ciphers: [] }, { minTLS: '1.3' }],
  ])('is kept when %s', (_, body, current) => {
    expect(changed(floor, body, current)).toEqual([])
  })

  test.each<[string, object, unknown, string]>([
    ['the change names a version below it', { minTLS: '1.1' }, { minTLS: '1.3' }, '1.1'],
    ['the domain is there with one below it', { enabled: true }, { minTLS: '1.1' }, '1.1'],
    ['the domain is there without one', { enabled: true }, { enabled: false }, '1.0'],
  ])('is not kept when %s', (_, body, current, value) => {
    expect(changed(floor, body, current)).toEqual([
      { pointer: '/minTLS', message: `TLS ${value} is below 1.2`, value, allowed: '1.2 or higher' },
    ])
  })

  const unreadable = [undefined, null, [], '1.3', { minTLS: null }, { minTLS: 1.3 }, { minTLS: ['1.3'] }]

  test.each(unreadable)('is not kept when the domain is known only as %j', (current) => {
    expect(changed(floor, { enabled: true }, current)).toHaveLength(1)
  })

  test.each(unreadable)('blames no place in the body when the domain is known only as %j', (current) => {
    expect(pointersOf(changed(floor, { enabled: true }, current))).toEqual([''])
  })

  test.each([null, '', {}, []])('says nothing of TLS by %j, and is judged by what is there', (minTLS) => {
    expect(changed(floor, { minTLS }, { minTLS: '1.3' })).toEqual([])
    expect(pointersOf(changed(floor, { minTLS }, { minTLS: '1.0' }))).toEqual(['/minTLS'])
  })

  test.each([null, [], '', { minTLS: 1.3 }])('is not kept by a change to %j', (body) => {
    expect(changed(floor, body, { minTLS: '1.3' })).toHaveLength(1)
  })

  test('does not matter when the domain is removed', () => {
    expect(judge('customDomains', floor, { operation: 'buckets.domains.custom.delete', domain })).toEqual([])
  })
})

describe('the count of domains', () => {
  const listing = (count: number) => ({ domains: Array.from({ length: count }, () => ({ domain })) })

  test.each([
    [1, 0],
    [3, 2],
  ])('of at most %d leaves room for one beside %d', (maxCount, count) => {
    expect(added({ maxCount }, {}, listing(count))).toEqual([])
  })

  test.each([
    [0, 0],
    [1, 1],
    [3, 4],
  ])('of at most %d leaves no room beside %d', (maxCount, count) => {
    expect(added({ maxCount }, {}, listing(count))).toEqual([
      {
        pointer: '',
        message: `the bucket has ${count} custom domains already`,
        value: count + 1,
        allowed: `${maxCount} or less`,
      },
    ])
  })

  test.each([undefined, null, [], {}, { domains: null }, { domains: 0 }, { domains: {} }])(
    'leaves no room while the domains are known only as %j',
    (current) => {
      expect(added({ maxCount: 100 }, {}, current)).toHaveLength(1)
    },
  )

  test('does not matter when a domain is changed or removed', () => {
    expect(changed({ maxCount: 0 }, { enabled: true })).toEqual([])
    expect(judge('customDomains', { maxCount: 0 }, { operation: 'buckets.domains.custom.delete' })).toEqual(
      [],
    )
  })
})

test('everything that is wrong with one domain is told at once', () => {
  const options = { hostnames: ['*.example.org'], zoneIds: [OTHER_ZONE], minTLS: '1.2', maxCount: 0 }
  expect(pointersOf(added(options, {}, { domains: [] }))).toEqual(['/domain', '/zoneId', '/minTLS', ''])
})
