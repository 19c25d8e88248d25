import { describe, expect, test } from 'vitest'
import { judge, pointersOf } from './judge.ts'

const EDIT = 'buckets.edit'
const created = (options: unknown, body: object = {}, jurisdiction = 'default') =>
  judge('bucketCreation', options, { body: { name: 'media-new', ...body }, jurisdiction })
const edited = (options: unknown, body: unknown, jurisdiction = 'default') =>
  judge('bucketCreation', options, { operation: EDIT, body, jurisdiction })

describe('the location', () => {
  const locations = ['weur', 'eeur']

  test.each([...locations, 'WEUR', 'Eeur'])('%s passes when it is named', (locationHint) => {
    expect(created({ locations }, { locationHint })).toEqual([])
  })

  test('that is not named is refused, and told with what may stand', () => {
    expect(created({ locations }, { locationHint: 'apac' })).toEqual([
      {
        pointer: '/locationHint',
        message: 'location apac is not allowed',
        value: 'apac',
        allowed: locations,
      },
    ])
  })

  test('must be given, as upstream would choose one', () => {
    expect(created({ locations })).toEqual([
      { pointer: '/locationHint', message: 'a location must be named', value: null, allowed: locations },
    ])
  })

  test.each(['WNAM', 'weur ', '', '*', 'weur,apac'])('is not taken for %j', (locationHint) => {
    expect(pointersOf(created({ locations }, { locationHint }))).toEqual(['/locationHint'])
  })

  test.each([['weur'], 0, { hint: 'weur' }])('of %j cannot be read, and is refused', (locationHint) => {
    expect(pointersOf(created({ locations }, { locationHint }))).toEqual(['/locationHint'])
  })

  test('may be left out where no locations are named', () => {
    expect(created({ storageClasses: ['Standard'] })).toEqual([])
  })
})

describe('the jurisdiction', () => {
  const jurisdictions = ['eu']

  test('passes when it is named', () => {
    expect(created({ jurisdictions }, {}, 'eu')).toEqual([])
  })

  test.each(['default', 'us', 'fedramp', 'EU', ''])(
    '%j is refused, though the body is not at fault',
    (place) => {
      expect(created({ jurisdictions }, {}, place)).toEqual([
        {
          pointer: '',
          message: `jurisdiction ${place} is not allowed`,
          value: place,
          allowed: jurisdictions,
        },
      ])
    },
  )

  test('does not matter for a bucket that is there', () => {
    expect(edited({ jurisdictions }, { storageClass: 'Standard' })).toEqual([])
  })
})

describe('the storage class', () => {
  const rare = { storageClasses: ['InfrequentAccess'] }

  test('passes when it is named', () => {
    expect(created(rare, { storageClass: 'InfrequentAccess' })).toEqual([])
    expect(edited(rare, { storageClass: 'InfrequentAccess' })).toEqual([])
  })

  test('that is left out is Standard', () => {
    expect(created({ storageClasses: ['Standard'] })).toEqual([])
    expect(created(rare)).toEqual([
      {
        pointer: '/storageClass',
        message: 'storage class Standard is not allowed',
        value: 'Standard',
        allowed: ['InfrequentAccess'],
      },
    ])
  })

  test.each([undefined, null, ''])('of %j is Standard', (storageClass) => {
    expect(created({ storageClasses: ['Standard'] }, { storageClass })).toEqual([])
    expect(pointersOf(created(rare, { storageClass }))).toEqual(['/storageClass'])
  })

  test.each(['Standard', 'infrequentaccess', 'Glacier'])('%j is refused, now and later', (storageClass) => {
    expect(pointersOf(created(rare, { storageClass }))).toEqual(['/storageClass'])
    expect(pointersOf(edited(rare, { storageClass }))).toEqual(['/storageClass'])
  })

  test.each([0, ['InfrequentAccess'], { class: 'InfrequentAccess' }])(
    'of %j cannot be read, and is refused',
    (storageClass) => {
      expect(pointersOf(created(rare, { storageClass }))).toEqual(['/storageClass'])
      expect(pointersOf(edited(rare, { storageClass }))).toEqual(['/storageClass'])
    },
  )
})

describe('the storage class that lifecycle rules move objects to', () => {
  const standard = { storageClasses: ['Standard'] }
  const moving = (storageClass: unknown, change: object = {}) => ({
    id: 'move',
    enabled: true,
    conditions: { prefix: '' },
    storageClassTransitions: [{ condition: { type: 'Age', maxAge: 86_400 }, storageClass }],
    ...change,
  })
  const ruled = (options: unknown, ...rules: unknown[]) =>
    judge('bucketCreation', options, { operation: 'buckets.lifecycle.update', body: { rules } })

  test('is refused where it may not be created with either', () => {
    expect(ruled(standard, moving('InfrequentAccess'))).toEqual([
      {
        pointer: '/rules/0/storageClassTransitions/0/storageClass',
        message: 'storage class InfrequentAccess is not allowed',
        value: 'InfrequentAccess',
        allowed: ['Standard'],
      },
    ])
  })

  test('passes where it is named', () => {
    expect(ruled({ storageClasses: ['Standard', 'InfrequentAccess'] }, moving('InfrequentAccess'))).toEqual(
      [],
    )
  })

  test.each<[string, object]>([
    ['a rule that is off', moving('InfrequentAccess', { enabled: false })],
    ['a rule that only deletes', moving(null, { storageClassTransitions: null })],
    ['a rule with an empty list of moves', moving(null, { storageClassTransitions: [] })],
  ])('says nothing of %s', (_, rule) => {
    expect(ruled(standard, rule)).toEqual([])
  })

  test('is told of each move, by its place', () => {
    const twice = moving('', {
      storageClassTransitions: ['InfrequentAccess', 'Glacier'].map((storageClass) => ({ storageClass })),
    })
    expect(pointersOf(ruled(standard, moving('Standard'), twice))).toEqual([
      '/rules/1/storageClassTransitions/0/storageClass',
      '/rules/1/storageClassTransitions/1/storageClass',
    ])
  })

  test.each([{}, { rules: null }, { rules: [] }])('%j moves nothing', (body) => {
    expect(judge('bucketCreation', standard, { operation: 'buckets.lifecycle.update', body })).toEqual([])
  })
})

test('everything that is wrong with one bucket is told at once', () => {
  const options = { locations: ['weur'], jurisdictions: ['eu'], storageClasses: ['Standard'] }
  const body = { locationHint: 'apac', storageClass: 'InfrequentAccess' }
  expect(pointersOf(created(options, body, 'us')).toSorted()).toEqual(['', '/locationHint', '/storageClass'])
})
