import { beforeAll, describe, expect, it } from 'vitest'
import { operations } from '../../../src/routes/index.ts'
import { sendRaw } from '../raw.ts'
import { running } from './stack.ts'

/** Requests as no client would write them, with the key of team media, which may do nothing on finance-ledger. */

let key: string

beforeAll(() => {
  key = running().key('media-admin')
})

const OWN = '/v1/buckets/media-assets'
const FOREIGN = '/v1/buckets/finance-ledger'

const ask = (target: string, { method = 'GET', headers = '' } = {}) =>
  send(`${head(method, target)}Connection: close\r\n${headers}\r\n`)

const head = (method: string, target: string) =>
  `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\n`

let countBefore: number
async function send(text: string) {
  countBefore = (await running().received()).length
  return sendRaw(running().port, text)
}
const sentSince = async () => (await running().received()).slice(countBefore)

describe('a path that could be read in two ways is refused, and nothing is sent', () => {
  it.each([
    '/v1/buckets/media-assets%2f..%2ffinance-ledger',
    '/v1/buckets/media-assets%2F',
    '/v1/buckets/media-assets%252f..%252ffinance-ledger',
    '/v1/buckets/media-assets%5c..%5cfinance-ledger',
    `${OWN}/domains/custom/..%2f..%2f..%2ffinance-ledger`,
    `${OWN}/..%2f..%2fbuckets/finance-ledger`,
    '//v1/buckets',
    '//v1/buckets/finance-ledger',
    '/v1//buckets/finance-ledger',
    '/v1/buckets//finance-ledger',
    `${OWN};x=finance-ledger`,
    `${OWN}/..;/finance-ledger`,
    `${OWN}%00`,
    `${OWN}%00/../../finance-ledger%00`,
    `${OWN}%20`,
    `${OWN}%3f`,
    `${OWN}@finance-ledger`,
    '/v1/buckets/m%65dia-assets',
    '/v1/buckets/finance%2dledger',
    '/v1/buckets/media-*',
    '/v1/buckets/*',
    '/v1/buckets/MEDIA-ASSETS',
    '/v1/buckets/Finance-Ledger',
    `${OWN}/%c0%ae%c0%ae/finance-ledger`,
    `/v1/buckets/${'a'.repeat(7_000)}`,
    `${OWN}?/../finance-ledger`,
    `${OWN}?bucket=finance-ledger`,
    `${OWN}?jurisdiction=default&jurisdiction=eu`,
    `${OWN}?jurisdiction=%00`,
  ])('%s', async (target) => {
    const { statuses } = await ask(target)
    expect([statuses, await sentSince()]).toEqual([[400], []])
  })
})

describe('bytes that are no request line are refused before the Worker, and nothing is sent', () => {
  it.each([
    ['NUL', `${OWN}\0`],
    ['a tab', `${OWN}\t/x`],
    ['a path that starts with a backslash', '\\v1\\buckets\\finance-ledger'],
    ['no slash at the start', 'v1/buckets/finance-ledger'],
    ['half a URL', 'http:/v1/buckets/finance-ledger'],
  ])('%s', async (_, target) => {
    const { statuses } = await ask(target)
    expect([statuses, await sentSince()]).toEqual([[400], []])
  })

  it.each([
    ['UTF-8', Buffer.from(`${OWN}é`, 'utf8')],
    ['full-width dots', Buffer.from(`${OWN}/．．/finance-ledger`, 'utf8')],
    ['Latin-1', Buffer.from(`${OWN}\xad`, 'latin1')],
  ])('or by the Worker: raw %s', async (_, target) => {
    const { statuses } = await ask(target.toString('latin1'))
    expect([statuses, await sentSince()]).toEqual([[400], []])
  })
})

describe('what the runtime resolves to a foreign bucket is judged as that bucket', () => {
  describe.each(['GET', 'DELETE'])('%s', (method) => {
    it.each([
      '/v1/buckets/../buckets/finance-ledger',
      `${OWN}/../finance-ledger`,
      `${OWN}/%2e%2e/finance-ledger`,
      `${OWN}/.%2E/finance-ledger`,
      `${OWN}/%2e/%2e%2e/finance-ledger`,
      `${OWN}/../../../v1/buckets/finance-ledger`,
      `${OWN}/domains/custom/../../../finance-ledger`,
      `${OWN}\\..\\finance-ledger`,
      `${OWN};/../finance-ledger`,
      `${OWN}%3f/../finance-ledger`,
      '/v1/buckets\\finance-ledger',
      '/v1/buckets/./finance-ledger',
      `/v1/buckets/${'a/../'.repeat(1_500)}finance-ledger`,
      'http://localhost/v1/buckets/finance-ledger',
      'http://elsewhere.example/v1/buckets/finance-ledger',
      'https://user@elsewhere.example/v1/buckets/media-assets/../finance-ledger',
      `${FOREIGN}#/../media-assets`,
    ])('%s', async (target) => {
      const { statuses, text } = await ask(target, { method })
      const names = text.includes('"bucket":"finance-ledger"')
      expect([statuses, names, await sentSince()]).toEqual([[403], true, []])
    })
  })
})

describe('what the runtime resolves to the own bucket is served as that bucket', () => {
  it.each([
    'http://localhost/v1/buckets/media-assets',
    'https://user@elsewhere.example/v1/buckets/media-assets',
    `${OWN}#/../finance-ledger`,
    `${FOREIGN}/../media-assets`,
  ])('%s', async (target) => {
    await ask(target)
    expect((await sentSince()).map(({ path }) => path)).toEqual([
      expect.stringMatching(/\/r2\/buckets\/media-assets$/),
    ])
  })
})

describe('headers change neither the path nor the caller', () => {
  it.each([
    ['a second Host', 'Host: elsewhere.example\r\n'],
    ['X-Original-URL', `X-Original-URL: ${FOREIGN}\r\nX-Rewrite-URL: ${FOREIGN}\r\n`],
    ['X-HTTP-Method-Override', 'X-HTTP-Method-Override: DELETE\r\nX-Method-Override: DELETE\r\n'],
    ['X-Forwarded-Host and -Prefix', `X-Forwarded-Host: a/../\r\nX-Forwarded-Prefix: ${FOREIGN}\r\n`],
    ['Content-Location', `Content-Location: ${FOREIGN}\r\nDestination: ${FOREIGN}\r\n`],
    ['cf-r2-jurisdiction', 'cf-r2-jurisdiction: eu\r\ncf-r2-storage-class: InfrequentAccess\r\n'],
  ])('%s', async (_, headers) => {
    await ask(OWN, { headers })
    const others = (await sentSince()).filter(
      ({ method, path, headers }) =>
        method !== 'GET' || !path.endsWith('/media-assets') || 'cf-r2-jurisdiction' in headers,
    )
    expect(others).toEqual([])
  })

  it('a path in Host reaches no foreign bucket', async () => {
    const { statuses } = await send(
      `GET ?x HTTP/1.1\r\nHost: localhost${FOREIGN}\r\nAuthorization: Bearer ${key}\r\nConnection: close\r\n\r\n`,
    )
    expect([statuses.every((status) => status >= 400), await sentSince()]).toEqual([true, []])
  })

  it('a second key is no key', async () => {
    const { statuses } = await ask(FOREIGN, {
      headers: `Authorization: Bearer ${running().key('platform-owner')}\r\n`,
    })
    expect([statuses, await sentSince()]).toEqual([[401], []])
  })
})

describe('a request hidden in the body of another is not served', () => {
  const hidden = () => `${head('GET', OWN)}Connection: close\r\n\r\n`
  const outer = (lengths: string, body: string) =>
    send(`${head('PUT', `${OWN}/cors`)}Content-Type: application/json\r\n${lengths}\r\n${body}`)

  it.each([
    [
      'Content-Length and Transfer-Encoding',
      'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n',
      '0\r\n\r\n',
    ],
    ['a Transfer-Encoding that is none', 'Transfer-Encoding: xchunked\r\nContent-Length: 2\r\n', '{}'],
    ['two values of Content-Length', 'Content-Length: 2\r\nContent-Length: 200\r\n', '{}'],
    ['a negative Content-Length', 'Content-Length: -1\r\n', '{}'],
    ['a folded header', 'Content-Length: 2\r\nX-A: b\r\n Transfer-Encoding: chunked\r\n', '{}'],
    ['a chunk longer than it is', 'Transfer-Encoding: chunked\r\n', 'fffffffffffffffff\r\n'],
  ])('with %s', async (_, lengths, body) => {
    const { statuses } = await outer(lengths, body + hidden())
    const served = statuses.filter((status) => status < 400)
    expect([served, await sentSince()]).toEqual([[], []])
  })
})

it('what reached upstream in all of this is a documented path, and never of finance-ledger', async () => {
  const documented = operations.map(({ path, upstreamPath }) => upstreamPath ?? `/r2${path}`)
  const pattern = documented.map((path) => path.replaceAll(/:\w+/g, '[a-z0-9.-]+')).join('|')
  const expected = new RegExp(`^/client/v4/accounts/[0-9a-f]{32}(?:${pattern})$`)
  const strange = (await running().received()).filter(
    ({ path, query, body }) => !expected.test(path) || `${path}${query}${body}`.includes('finance-ledger'),
  )
  expect(strange).toEqual([])
})

it('and the key of the caller reached it in no header, query or body', async () => {
  expect(JSON.stringify(await running().received())).not.toContain(key)
})
