import { describe, expect, test } from 'vitest'
import { judge, pointersOf } from './judge.ts'

const allowed = { origins: ['https://a.media.example.com'], methods: ['GET'] }
const origins = ['https://*.media.example.com']

const withAllowed = (change: object) => ({ rules: [{ allowed: { ...allowed, ...change } }] })
const withMaxAge = (maxAgeSeconds: unknown) => ({ rules: [{ allowed, maxAgeSeconds }] })
const judged = (options: unknown, body: unknown) => judge('cors', options, { body })

describe('a refused value is told with its place, itself and what may stand', () => {
  test('an origin', () => {
    expect(judged({ origins }, withAllowed({ origins: ['https://evil.org'] }))).toEqual([
      {
        pointer: '/rules/0/allowed/origins/0',
        message: 'origin https://evil.org is not allowed',
        value: 'https://evil.org',
        allowed: origins,
      },
    ])
  })

  test('a method', () => {
    expect(judged({ methods: ['GET', 'HEAD'] }, withAllowed({ methods: ['HEAD', 'PUT'] }))).toEqual([
      {
        pointer: '/rules/0/allowed/methods/1',
        message: 'method PUT is not allowed',
        value: 'PUT',
        allowed: ['GET', 'HEAD'],
      },
    ])
  })

  test('a header', () => {
    expect(judged({ headers: ['range'] }, withAllowed({ headers: ['cookie'] }))).toEqual([
      {
        pointer: '/rules/0/allowed/headers/0',
        message: 'header cookie is not allowed',
        value: 'cookie',
        allowed: ['range'],
      },
    ])
  })

  test('a maximal age', () => {
    expect(judged({ maxAgeSeconds: 3600 }, withMaxAge(3601))).toEqual([
      {
        pointer: '/rules/0/maxAgeSeconds',
        message: '3601 seconds are more than 3600',
        value: 3601,
        allowed: '3600 or less',
      },
    ])
  })
})

test('everything that is wrong in one body is told at once', () => {
  const options = { origins, methods: ['GET'], headers: ['range'], maxAgeSeconds: 60 }
  const wrong = { allowed: { origins: ['*'], methods: ['PUT'], headers: ['*'] }, maxAgeSeconds: 61 }
  expect(pointersOf(judged(options, { rules: [{ allowed }, wrong] }))).toEqual([
    '/rules/1/allowed/origins/0',
    '/rules/1/allowed/methods/0',
    '/rules/1/allowed/headers/0',
    '/rules/1/maxAgeSeconds',
  ])
})

describe('any origin', () => {
  test.each<[string, object]>([
    ['names nothing but methods', { methods: ['GET'] }],
    ['says that it may not stand', { anyOrigin: false }],
    ['names origins', { origins }],
  ])('is refused where the guardrail %s', (_, options) => {
    expect(pointersOf(judged(options, withAllowed({ origins: ['*'] })))).toEqual([
      '/rules/0/allowed/origins/0',
    ])
  })

  test('stands where the guardrail says so', () => {
    expect(judged({ anyOrigin: true, methods: ['GET'] }, withAllowed({ origins: ['*'] }))).toEqual([])
  })

  test('does not free the methods where it may stand', () => {
    const body = withAllowed({ origins: ['*'], methods: ['PUT'] })
    expect(pointersOf(judged({ anyOrigin: true, methods: ['GET'] }, body))).toEqual([
      '/rules/0/allowed/methods/0',
    ])
  })

  test.each(['https://www.example.org', 'http://localhost:3000', 'https://[::1]:8443'])(
    'is not meant by %s, which stands where no origins are named',
    (origin) => {
      expect(judged({ anyOrigin: false }, withAllowed({ origins: [origin] }))).toEqual([])
    },
  )

  test.each(['https://*', 'https://*.example.com', 'null', 'https://a.example.com/', 'http*://a', ''])(
    'is not slipped in as %j where no origins are named',
    (origin) => {
      expect(judged({ anyOrigin: false }, withAllowed({ origins: [origin] }))).toHaveLength(1)
    },
  )
})

describe('methods', () => {
  test.each(['get', ' GET', 'GET,PUT', '*', ''])('%j is not GET', (method) => {
    expect(judged({ methods: ['GET'] }, withAllowed({ methods: [method] }))).toHaveLength(1)
  })

  test('an empty list allows none', () => {
    expect(judged({ methods: [] }, withAllowed({}))).toHaveLength(1)
  })

  test('are free where none are named', () => {
    expect(judged({ origins }, withAllowed({ methods: ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'] }))).toEqual(
      [],
    )
  })
})

describe('headers', () => {
  test.each([
    ['range', 'Range'],
    ['Content-*', 'content-type'],
    ['x-*', 'X-Anything'],
    ['x-*', 'x-*'],
    ['*', '*'],
    ['x-*-id', 'x-request-id'],
  ])('%s covers %s', (pattern, header) => {
    expect(judged({ headers: [pattern] }, withAllowed({ headers: [header] }))).toEqual([])
  })

  test.each([
    ['range', '*'],
    ['x-*', '*'],
    ['x-*', 'x*'],
    ['x-*', 'ax-b'],
    ['range', 'range2'],
    ['x-*-id', '*-id'],
    ['x-*-id', 'x-*'],
  ])('%s does not cover %s', (pattern, header) => {
    expect(judged({ headers: [pattern] }, withAllowed({ headers: [header] }))).toHaveLength(1)
  })

  test('may be left out, whatever is named', () => {
    expect(judged({ headers: [] }, withAllowed({}))).toEqual([])
  })

  test('are not allowed by an empty list', () => {
    expect(judged({ headers: [] }, withAllowed({ headers: ['range'] }))).toHaveLength(1)
  })
})

describe('the maximal age', () => {
  test.each([0, 1, 3600])('%d of 3600 passes', (seconds) => {
    expect(judged({ maxAgeSeconds: 3600 }, withMaxAge(seconds))).toEqual([])
  })

  test('passes when it is left out', () => {
    expect(judged({ maxAgeSeconds: 0 }, withAllowed({}))).toEqual([])
  })

  test.each([86_400, 1e308])('%d of 3600 is refused', (seconds) => {
    expect(pointersOf(judged({ maxAgeSeconds: 3600 }, withMaxAge(seconds)))).toEqual([
      '/rules/0/maxAgeSeconds',
    ])
  })

  test.each(['60', [60], true, { seconds: 60 }])('%j cannot be read, and is refused', (seconds) => {
    expect(pointersOf(judged({ maxAgeSeconds: 3600 }, withMaxAge(seconds)))).toEqual([
      '/rules/0/maxAgeSeconds',
    ])
  })
})

test.each([{}, { rules: null }, { rules: [] }])('%j asks for no rules, and passes', (body) => {
  expect(judged({ origins, methods: [], headers: [] }, body)).toEqual([])
})

test.each([null, []])('headers and an age of %j are none', (nothing) => {
  const body = { rules: [{ allowed: { ...allowed, headers: nothing }, maxAgeSeconds: null }] }
  expect(judged({ origins, headers: [], maxAgeSeconds: 60 }, body)).toEqual([])
})

test('a policy without rules passes: there is nothing in it to refuse', () => {
  expect(judged({ origins, methods: [], headers: [] }, { rules: [] })).toEqual([])
})

test.each<[string, unknown, string]>([
  ['rules that are an object', { rules: { 0: { allowed } } }, '/rules'],
  ['a rule that is null', { rules: [null] }, '/rules/0'],
  ['a rule that is a list', { rules: [[allowed]] }, '/rules/0'],
  ['a rule of nothing', { rules: [{}] }, '/rules/0/allowed'],
  ['origins as a text', withAllowed({ origins: 'https://a.media.example.com' }), '/rules/0/allowed/origins'],
  ['an origin as a list', withAllowed({ origins: [['*']] }), '/rules/0/allowed/origins/0'],
  ['an origin as an object', withAllowed({ origins: [{ 0: '*' }] }), '/rules/0/allowed/origins/0'],
  ['an origin that is null', withAllowed({ origins: [null] }), '/rules/0/allowed/origins/0'],
  ['methods that are null', withAllowed({ methods: null }), '/rules/0/allowed/methods'],
  ['headers as a text', withAllowed({ headers: '*' }), '/rules/0/allowed/headers'],
  ['a rule in the form of S3', { rules: [{ AllowedOrigins: ['*'] }] }, '/rules/0/allowed'],
])('%s cannot be read, and are refused by place', (_, body, pointer) => {
  expect(pointersOf(judged({ origins }, body))).toEqual([pointer])
})
