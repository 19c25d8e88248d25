import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { withoutEchoes } from '../../src/upstream/scrub.ts'

/** Whatever upstream repeats of a credential, and however it writes it, it is not passed on. */

const answerOf = (message: string) => JSON.stringify({ success: false, errors: [{ code: 1, message }] })
const told = (secrets: readonly string[], text: string): unknown => JSON.parse(withoutEchoes(secrets, text))

const nested = (text: string) => JSON.stringify(text).slice(1, -1)
const php = (text: string) => nested(text).replaceAll('/', '\\/')
const go = (text: string) => nested(text).replaceAll('&', '\\u0026').replaceAll('<', '\\u003C')

const lowerHex = (text: string) => encodeURIComponent(text).replaceAll(/%../g, (hex) => hex.toLowerCase())

describe.each([
  ['as it is', (secret: string) => secret],
  ['in JSON', nested],
  ['in JSON in JSON', (secret: string) => nested(nested(secret))],
  ['in JSON as PHP writes it', php],
  ['in JSON as Go writes it', go],
  ['in JSON as PHP writes it, in JSON', (secret: string) => nested(php(secret))],
  ['in a URL', encodeURIComponent],
  ['in a URL, in lower case', lowerHex],
])('a credential that is repeated %s', (_, write) => {
  test.each([
    'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    'sv=2024-11-04&sig=abc%2Fdef%3D&se="2030',
    'back\\slashes\\\\and"quotes',
    'p<a>&b`c$d{e}f|g',
  ])('is taken out: %s', (secret) => {
    const said = answerOf(`Cannot use <${write(secret)}> here.`)
    expect(told([secret], said)).toEqual(JSON.parse(answerOf('Cannot use <…> here.')))
  })
})

test('a credential that was escaped is found when it is repeated plainly', () => {
  expect(told(['abc%2Fdef%3Dghi'], answerOf('no abc/def=ghi'))).toEqual(JSON.parse(answerOf('no …')))
})

test('a credential that another one begins with takes nothing of it away', () => {
  const secrets = ['the-first-half', 'the-first-half-and-the-other']
  expect(told(secrets, answerOf('no the-first-half-and-the-other'))).toEqual(JSON.parse(answerOf('no …')))
})

test('every repetition is taken out, and what stands between is left', () => {
  expect(told(['abcdefgh1'], answerOf('abcdefgh1, abcdefgh1abcdefgh1 or x'))).toEqual(
    JSON.parse(answerOf('…, …… or x')),
  )
})

test('each line of a credential is one', () => {
  const pem = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\r\nkqhkiG9w0BAQEF\n-----END PRIVATE KEY-----\n'
  expect(told([pem], answerOf('no kqhkiG9w0BAQEF, no MIIEvQIBADANBg'))).toEqual(
    JSON.parse(answerOf('no …, no …')),
  )
})

test('a text that is not JSON is looked through too', () => {
  expect(withoutEchoes(['secret/with+signs'], '<p>secret%2Fwith%2Bsigns, secret/with+signs</p>')).toBe(
    '<p>…, …</p>',
  )
})

test('what is short is left alone', () => {
  expect(told(['AK', 'us-east'], answerOf('AK in us-east'))).toEqual(JSON.parse(answerOf('AK in us-east')))
})

test('no credential changes the shape of an answer', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 8 }).filter((text) => !/[a-z]{4}/.test(text))),
      fc.jsonValue(),
      (secrets, result) => {
        const answer = { success: true, errors: [], messages: [], result, 'a long enough name': 1 }
        const shapeOf = (value: unknown): unknown =>
          JSON.parse(JSON.stringify(value), (_, inner: unknown) => (typeof inner === 'string' ? '' : inner))
        const names = [...secrets, '"result":', 'a long enough name', '","errors', 'messages']
        expect(shapeOf(told(names, JSON.stringify(answer)))).toEqual(shapeOf(answer))
      },
    ),
  )
})

test('no credential is left in an answer, however often it was quoted', () => {
  const secret = fc.string({ minLength: 1, maxLength: 40 }).map((text) => `beginning${text}ending`)
  fc.assert(
    fc.property(secret, fc.nat(3), (text, depth) => {
      let written = text
      for (let level = 0; level < depth; level += 1) written = nested(written)
      expect(told([text], JSON.stringify({ said: `<${written}>` }))).toEqual({ said: '<…>' })
    }),
  )
})
