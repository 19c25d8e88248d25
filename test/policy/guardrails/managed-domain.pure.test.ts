import { expect, test } from 'vitest'
import { judge, pointersOf } from './judge.ts'

const judged = (body: unknown) => judge('managedDomain', { public: false }, { body })

test('closing the r2.dev domain passes', () => {
  expect(judged({ enabled: false })).toEqual([])
})

test('opening the r2.dev domain is refused, and told with what may stand', () => {
  expect(judged({ enabled: true })).toEqual([
    {
      pointer: '/enabled',
      message: 'the bucket may not be public at r2.dev',
      value: true,
      allowed: false,
    },
  ])
})

test.each<[unknown]>([
  ['false'],
  ['true'],
  [''],
  [0],
  [1],
  [null],
  [[]],
  [[false]],
  [{}],
  [{ valueOf: false }],
])('enabled of %j is neither, and is refused', (enabled) => {
  expect(pointersOf(judged({ enabled }))).toEqual(['/enabled'])
})

test.each<[string, unknown]>([
  ['is missing', {}],
  ['is spelled otherwise', { Enabled: false }],
  ['stands in __proto__', JSON.parse('{"__proto__": {"enabled": false}}')],
  ['stands one level down', { domain: { enabled: false } }],
])('an enabled that %s is refused', (_, body) => {
  expect(pointersOf(judged(body))).toEqual(['/enabled'])
})
