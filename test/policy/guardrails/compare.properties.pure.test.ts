import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KIND_NAMES, KINDS, type KindName } from '../../../src/policy/guardrails/index.ts'
import { rounds } from '../../rounds.ts'
import { OPTIONS } from './options.ts'

describe.each(KIND_NAMES)('%s: of two guardrails', (kind) => {
  const two = fc.tuple(OPTIONS[kind], OPTIONS[kind])
  const refuses = (options: unknown, operation: string, sample: object) =>
    KINDS[kind].check(options, { operation, jurisdiction: 'default', ...sample }).length > 0

  test('the one that is called as strict refuses all that the other refuses', () => {
    fc.assert(
      fc.property(two, ([strict, loose]) => {
        fc.pre(KINDS[kind].compare(strict, loose))
        for (const operation of KINDS[kind].operations)
          for (const sample of KINDS[kind].samples(operation, [strict, loose]))
            if (refuses(loose, operation, sample))
              expect(refuses(strict, operation, sample), JSON.stringify(sample)).toBe(true)
      }),
      { numRuns: rounds(40) },
    )
  })

  test('each is as strict as itself', () => {
    fc.assert(fc.property(OPTIONS[kind], (options) => KINDS[kind].compare(options, options)))
  })
})

test.each<[string, [KindName, unknown, unknown], boolean]>([
  [
    'fewer origins',
    ['cors', { origins: ['https://a.example'] }, { origins: ['https://*.example', 'https://a.example'] }],
    true,
  ],
  [
    'an origin below a wildcard',
    ['cors', { origins: ['https://x.a.example'] }, { origins: ['https://*.a.example'] }],
    true,
  ],
  ['another scheme', ['cors', { origins: ['http://a.example'] }, { origins: ['https://a.example'] }], false],
  ['any origin', ['cors', { anyOrigin: true }, { origins: ['https://a.example'] }], false],
  [
    'only methods, against an open door',
    ['cors', { methods: ['GET'] }, { methods: ['GET'], anyOrigin: true }],
    true,
  ],
  ['a longer age', ['lifecycle', { minDeleteAge: '30d' }, { minDeleteAge: '700h' }], true],
  ['a shorter age', ['lifecycle', { minDeleteAge: '29d' }, { minDeleteAge: '700h' }], false],
  ['a lower count', ['customDomains', { maxCount: 1 }, { maxCount: 2 }], true],
  ['an option that is not there', ['locks', { minRetention: '30d' }, { neverWeaken: true }], false],
  ['an option more', ['locks', { minRetention: '30d', neverWeaken: true }, { neverWeaken: true }], true],
])('as strict or not: %s', (_, [kind, strict, loose], expected) => {
  expect(KINDS[kind].compare(strict, loose)).toBe(expected)
})
