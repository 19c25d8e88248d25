import { describe, expect, test } from 'vitest'
import { api, bucket, inEu, refusal, refused } from './api.ts'

const put = (kind: string, rules: unknown) =>
  api('PUT', bucket('media-assets', `/${kind}`), { body: { rules } })
const get = async (kind: string, headers = {}) =>
  (await api('GET', bucket('media-assets', `/${kind}`), { headers })).result
const refusedPut = (kind: string, body: unknown) =>
  refusal('PUT', bucket('media-assets', `/${kind}`), { body })

const day = { type: 'Age', maxAge: 86_400 }
const lifecycle = { id: 'a', enabled: true, conditions: { prefix: 'tmp/' } }
const cors = { allowed: { origins: ['https://a.example.com'], methods: ['GET'] } }
const lock = { id: 'a', enabled: true, condition: { type: 'Indefinite' } }
const many = <T>(count: number, rule: T) =>
  Array.from({ length: count }, (_, index) => ({ ...rule, id: `rule-${index}` }))

describe.each([
  ['lifecycle', lifecycle],
  ['cors', cors],
  ['lock', lock],
])('%s', (kind, rule) => {
  test('answers a write with an object', async () => {
    expect((await put(kind, [rule])).result).toEqual({})
  })

  test('is replaced as a whole', async () => {
    await put(kind, many(2, rule))
    await put(kind, [rule])
    expect(await get(kind)).toEqual({ rules: [rule] })
  })

  test('keeps the order of its rules', async () => {
    const rules = ['c', 'a', 'b'].map((id) => ({ ...rule, id }))
    await put(kind, rules)
    expect(await get(kind)).toEqual({ rules })
  })

  test('can be emptied', async () => {
    await put(kind, [])
    expect(await get(kind)).toEqual({ rules: [] })
  })

  test('takes {} for an empty list, as the SDKs send it', async () => {
    await api('PUT', bucket('media-assets', `/${kind}`), { body: {} })
    expect(await get(kind)).toEqual({ rules: [] })
  })

  test('belongs to one jurisdiction', async () => {
    await api('PUT', bucket('media-assets', `/${kind}`), { body: { rules: [rule] }, headers: inEu })
    expect(await get(kind, inEu)).toEqual({ rules: [rule] })
    expect((await api('GET', bucket('media-assets', `/${kind}`))).result).not.toEqual({ rules: [rule] })
  })

  test('refuses two rules of one id', async () => {
    expect(
      await refusedPut(kind, {
        rules: [
          { ...rule, id: 'x' },
          { ...rule, id: 'x' },
        ],
      }),
    ).toEqual(refused(400, 10040))
  })

  test.each([
    ['no body', undefined],
    ['no JSON', '{'],
    ['rules that are no list', { rules: {} }],
    ['a bare list', []],
    ['null', null],
  ])('refuses %s', async (_, body) => {
    expect(await refusedPut(kind, body)).toEqual(refused(400, 10040))
  })

  test('points at what is wrong', async () => {
    const { errors } = await put(kind, [rule, { ...rule, id: 7 }])
    expect(errors).toEqual([
      {
        code: 10040,
        message: 'The JSON you provided was not well formed.',
        source: { pointer: '/rules/1/id' },
      },
    ])
  })
})

describe.each([
  ['lifecycle', lifecycle],
  ['lock', lock],
])('%s', (kind, rule) => {
  test('takes 1000 rules', async () => {
    expect((await put(kind, many(1000, rule))).status).toBe(200)
  })

  test('refuses one more', async () => {
    expect(await refusedPut(kind, { rules: many(1001, rule) })).toEqual(refused(400, 10040))
  })

  test('takes a date in the past and gives it back as it came', async () => {
    const condition = { type: 'Date', date: '2024-12-31T23:59:59Z' }
    const rules = [
      kind === 'lock' ? { ...rule, condition } : { ...rule, deleteObjectsTransition: { condition } },
    ]
    await put(kind, rules)
    expect(await get(kind)).toEqual({ rules })
  })
})

describe('lifecycle', () => {
  test('of a fresh bucket aborts multipart uploads after a week', async () => {
    expect(await get('lifecycle')).toEqual({
      rules: [
        {
          id: 'Default Multipart Abort Rule',
          enabled: true,
          conditions: { prefix: '' },
          abortMultipartUploadsTransition: { condition: { type: 'Age', maxAge: 604_800 } },
        },
      ],
    })
  })

  test.each([
    ['no prefix', { ...lifecycle, conditions: {} }],
    [
      'an empty prefix and no transitions',
      { id: 'm', enabled: false, conditions: { prefix: '' }, storageClassTransitions: [] },
    ],
    [
      'every transition',
      {
        ...lifecycle,
        abortMultipartUploadsTransition: { condition: day },
        deleteObjectsTransition: { condition: { type: 'Date', date: '2027-01-01T00:00:00.000Z' } },
        storageClassTransitions: [{ condition: day, storageClass: 'InfrequentAccess' }],
      },
    ],
  ])('gives a rule back as it came: %s', async (_, rule) => {
    await put('lifecycle', [rule])
    expect(await get('lifecycle')).toEqual({ rules: [rule] })
  })

  test.each([
    [
      'an abort by date',
      { abortMultipartUploadsTransition: { condition: { type: 'Date', date: '2027-01-01T00:00:00Z' } } },
    ],
    ['a move to Standard', { storageClassTransitions: [{ condition: day, storageClass: 'Standard' }] }],
    ['an age in text', { deleteObjectsTransition: { condition: { type: 'Age', maxAge: '1' } } }],
    ['half a second', { deleteObjectsTransition: { condition: { type: 'Age', maxAge: 0.5 } } }],
    [
      'a day without its time',
      { deleteObjectsTransition: { condition: { type: 'Date', date: '2027-01-01' } } },
    ],
    ['an action that is not known', { expiration: { days: 1 } }],
    ['no conditions', { conditions: undefined }],
    ['no id', { id: undefined }],
    ['no enabled', { enabled: undefined }],
  ])('refuses %s', async (_, part) => {
    expect(await refusedPut('lifecycle', { rules: [{ ...lifecycle, ...part }] })).toEqual(refused(400, 10040))
  })
})

describe('cors', () => {
  test('of a fresh bucket does not exist', async () => {
    expect(await refusal('GET', bucket('media-assets', '/cors'))).toEqual(refused(404, 10059))
  })

  test('does not exist any more once deleted', async () => {
    await put('cors', [cors])
    expect((await api('DELETE', bucket('media-assets', '/cors'))).result).toEqual({})
    expect(await refusal('GET', bucket('media-assets', '/cors'))).toEqual(refused(404, 10059))
  })

  test('can only be deleted where it exists', async () => {
    expect(await refusal('DELETE', bucket('media-assets', '/cors'))).toEqual(refused(404, 10059))
  })

  test('gives a full rule back as it came', async () => {
    const rule = {
      id: 'x',
      allowed: {
        ...cors.allowed,
        methods: ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'],
        headers: ['content-type'],
      },
      exposeHeaders: ['ETag'],
      maxAgeSeconds: 86_400,
    }
    await put('cors', [rule])
    expect(await get('cors')).toEqual({ rules: [rule] })
  })

  test.each([
    '*',
    'http://localhost:3000',
    'https://*.example.com',
    'https://a.example.com:8443',
    'http://[::1]:80',
  ])('takes the origin %s', async (origin) => {
    expect((await put('cors', [{ allowed: { ...cors.allowed, origins: [origin] } }])).status).toBe(200)
  })

  test.each([
    'a.example.com',
    'https://a.example.com/',
    'https://a.example.com/x',
    'https://',
    'https://u@a.example.com',
  ])('refuses the origin %s', async (origin) => {
    const rules = [{ allowed: { ...cors.allowed, origins: [origin] } }]
    expect(await refusedPut('cors', { rules })).toEqual(refused(400, 10040))
  })

  test.each([
    ['another method', { allowed: { ...cors.allowed, methods: ['PATCH'] } }],
    ['more than a day', { ...cors, maxAgeSeconds: 86_401 }],
    ['the form of S3', { AllowedOrigins: ['*'], AllowedMethods: ['GET'] }],
  ])('refuses %s', async (_, rule) => {
    expect(await refusedPut('cors', { rules: [rule] })).toEqual(refused(400, 10040))
  })
})

describe('lock', () => {
  test('of a fresh bucket is an empty list', async () => {
    expect(await get('lock')).toEqual({ rules: [] })
  })

  test.each([
    ['an age', { type: 'Age', maxAgeSeconds: 86_400 }],
    ['a date', { type: 'Date', date: '2027-01-01T00:00:00.000Z' }],
    ['for ever', { type: 'Indefinite' }],
  ])('gives a condition back as it came: %s', async (_, condition) => {
    const rules = [{ ...lock, prefix: 'logs/', condition }]
    await put('lock', rules)
    expect(await get('lock')).toEqual({ rules })
  })

  test.each([
    ['no condition', { condition: undefined }],
    ['an age of a lifecycle', { condition: day }],
    ['another kind', { condition: { type: 'Forever' } }],
  ])('refuses %s', async (_, part) => {
    expect(await refusedPut('lock', { rules: [{ ...lock, ...part }] })).toEqual(refused(400, 10040))
  })
})
