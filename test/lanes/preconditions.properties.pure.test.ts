import fc from 'fast-check'
import { expect, test } from 'vitest'
import { holds, isNotModified, readPreconditions } from '../../src/lanes/preconditions.ts'

/** Entity tags in headers, read as RFC 9110 has them (8.8.3, 13.1, 5.6.1), and as a second, slower reader does. */

type Tags = '*' | readonly { readonly isWeak: boolean; readonly tag: string }[]

/** Letter by letter; `null` for what is not a list of tags. */
function naive(text: string): Tags | null {
  if (text === '*') return '*'
  if (text.length > 2048) return null
  const tags: { isWeak: boolean; tag: string }[] = []
  let rest = text
  let mayBegin = true
  while (rest !== '') {
    const [first = ''] = rest
    if (first === ' ' || first === '\t') rest = rest.slice(1)
    else if (first === ',') {
      mayBegin = true
      rest = rest.slice(1)
    } else {
      const isWeak = rest.startsWith('W/')
      const opening = isWeak ? 2 : 0
      const closing = rest.indexOf('"', opening + 1)
      if (!mayBegin || rest[opening] !== '"' || closing === -1) return null
      const tag = rest.slice(opening, closing + 1)
      if ([...tag].some((letter) => letter < '!' || letter > '~')) return null
      tags.push({ isWeak, tag })
      mayBegin = false
      rest = rest.slice(closing + 1)
    }
  }
  return tags.length > 0 ? tags : null
}

/** A text as it comes through a header. */
const headerOf = (text: string) => new Headers({ header: text }).get('header')

/** What is read of a header, as tags. */
function read(name: 'if-match' | 'if-none-match', text: string) {
  try {
    const value = headerOf(text)
    return readPreconditions({
      ifMatch: name === 'if-match' ? value : null,
      ifNoneMatch: name === 'if-none-match' ? value : null,
    })
  } catch {
    return null
  }
}

const trimmed = (text: string) => text.replaceAll(/^[ \t]+|[ \t]+$/g, '')

const unit = fc.constantFrom('"', '"', ',', ' ', '\t', 'W', '/', 'W/"', '*', 'a', 'b', '!', '~', '\\', '\x7f')
const noise = fc.string({ unit, maxLength: 14 })
const tag = fc
  .tuple(
    fc.constantFrom('', '', 'W/'),
    fc.string({ unit: fc.constantFrom('a', 'b', ',', '*', '\\', '/'), maxLength: 4 }),
  )
  .map(([weak, opaque]) => `${weak}"${opaque}"`)
const list = fc
  .array(fc.oneof(tag, tag, fc.constantFrom('', ' ', '\t')), { minLength: 1, maxLength: 4 })
  .chain((parts) => fc.constantFrom(',', ', ', ' ,\t').map((comma) => parts.join(comma)))
const header = fc.oneof(noise, list, list, fc.constantFrom('*', '', ' * ', '**', '*, "a"', '"a" "b"'))

test.each(['if-match', 'if-none-match'] as const)('%s of a change is read as the RFC has it', (name) => {
  fc.assert(
    fc.property(header, (text) => {
      const expected = naive(trimmed(text))
      const found = read(name, text)
      const tags = name === 'if-match' ? found?.ifMatch : found?.ifNoneMatch
      if (expected === null || (expected !== '*' && expected.some(({ isWeak }) => isWeak)))
        expect(found).toBeNull()
      else expect(tags).toEqual(expected === '*' ? '*' : expected.map(({ tag }) => tag))
    }),
    { numRuns: 2_000 },
  )
})

test('If-None-Match of a read is compared weakly', () => {
  fc.assert(
    fc.property(header, tag, (text, there) => {
      const strong = there.replace(/^W\//, '')
      const expected = naive(trimmed(text))
      const ask = () => isNotModified(headerOf(text), strong)
      if (expected === null) expect(ask).toThrow()
      else expect(ask()).toBe(expected === '*' || expected.some((one) => one.tag === strong))
    }),
    { numRuns: 2_000 },
  )
})

test('what holds of a configuration holds as the RFC has it', () => {
  const tags = fc.oneof(fc.constant(null), fc.constant('*' as const), fc.subarray(['"a"', '"b"', '"c"']))
  const there = fc.constantFrom(null, '"a"', '"b"', '"d"')
  fc.assert(
    fc.property(tags, tags, there, (ifMatch, ifNoneMatch, there) => {
      const matches = (wanted: '*' | readonly string[]) =>
        there === null ? false : wanted === '*' ? true : wanted.some((one) => one === there)
      const first = ifMatch === null ? true : matches(ifMatch)
      const second = ifNoneMatch === null ? true : !matches(ifNoneMatch)
      expect(holds({ ifMatch, ifNoneMatch }, there)).toBe(first && second)
    }),
  )
})

test('a list that is longer than anybody needs is refused, whatever stands in it', () => {
  expect(read('if-match', `${'"a", '.repeat(410)}"b"`)).toBeNull()
  expect(read('if-match', `"${'a'.repeat(2047)}"`)).toBeNull()
  expect(read('if-match', `"${'a'.repeat(2046)}"`)).not.toBeNull()
})
