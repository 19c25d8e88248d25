import { expect, test } from 'vitest'
import { call, emulator, everything, keyWithGrants, problemOf } from '../harness.ts'
import { BUCKET, changes, examples, reads } from '../routes/examples.ts'
import { send } from '../routes/perform.ts'

/** Parameters of the query: what isn't known, or isn't plain, is refused by name, and nothing is sent. */

async function pointersOf(path: string): Promise<string[]> {
  const key = await keyWithGrants(everything)
  const { status, code, errors = [] } = await problemOf(call(path, { key }))
  expect({ status, code }).toEqual({ status: 400, code: 'invalid_request' })
  expect(await emulator.received()).toEqual([])
  return errors.map((error) => `${error.in} ${error.pointer}`)
}

test.each(examples)('$name refuses an unknown parameter', async (example) => {
  const key = await keyWithGrants(everything)
  const problem = await problemOf(send(example, { key, query: '?colour=blue' }))
  expect(problem).toMatchObject({ status: 400, errors: [{ in: 'query', pointer: '/colour' }] })
  expect(await emulator.received()).toEqual([])
})

test.each(reads)('$name, which changes nothing, has no dry run', async (example) => {
  const key = await keyWithGrants(everything)
  const problem = await problemOf(send(example, { key, query: '?dryRun=true' }))
  expect(problem.errors).toMatchObject([{ in: 'query', pointer: '/dryRun' }])
})

test.each(changes)('$name refuses a dry run that says neither true nor false', async (example) => {
  const key = await keyWithGrants(everything)
  const problem = await problemOf(send(example, { key, query: '?dryRun=1' }))
  expect(problem.errors).toMatchObject([{ in: 'query', pointer: '/dryRun' }])
  expect(await emulator.received()).toEqual([])
})

test.each([
  ['?a=1&b=2', ['query /a', 'query /b']],
  ['?Jurisdiction=eu', ['query /Jurisdiction']],
  ['?jurisdiction=eu&jurisdiction=default', ['query /jurisdiction']],
  ['?jurisdiction=eu&jurisdiction=eu', ['query /jurisdiction']],
  ['?jurisdiction=eu&%6aurisdiction=default', ['query /jurisdiction']],
  ['?jurisdiction', ['query /jurisdiction']],
  ['?__proto__=1', ['query /__proto__']],
  ['?constructor=1&hasOwnProperty=2', ['query /constructor', 'query /hasOwnProperty']],
  ['?a%2fb=1', ['query /a~1b']],
  ['?=1', ['query /']],
  ['?perPage=10', ['query /perPage']],
  ['?account_id=x', ['query /account_id']],
])('a bucket asked for with %s is refused at %j', async (query, expected) => {
  expect(await pointersOf(`/v1/buckets/${BUCKET}${query}`)).toEqual(expected)
})

test.each([
  ['perPage=0', '/perPage'],
  ['perPage=1001', '/perPage'],
  ['perPage=-1', '/perPage'],
  ['perPage=1.5', '/perPage'],
  ['perPage=1e2', '/perPage'],
  ['perPage=0x10', '/perPage'],
  ['perPage=%2010', '/perPage'],
  ['perPage=', '/perPage'],
  ['perPage=ten', '/perPage'],
  ['perPage=10&perPage=20', '/perPage'],
  ['per_page=10', '/per_page'],
  ['direction=up', '/direction'],
  ['direction=ASC', '/direction'],
  ['order=name', '/order'],
  ['nameContains=', '/nameContains'],
  ['nameContains=Media', '/nameContains'],
  ['nameContains=*', '/nameContains'],
  ['nameContains=a_b', '/nameContains'],
  [`nameContains=${'a'.repeat(64)}`, '/nameContains'],
  ['name_contains=media', '/name_contains'],
  ['start_after=media', '/start_after'],
  ['cursor=', '/cursor'],
  [`cursor=${'a'.repeat(513)}`, '/cursor'],
  ['dryRun=true', '/dryRun'],
])('a listing with %s is refused at %s', async (query, pointer) => {
  expect(await pointersOf(`/v1/buckets?${query}`)).toEqual([`query ${pointer}`])
})

test.each(examples)('the header cf-r2-jurisdiction, which is of v4, is refused: $name', async (example) => {
  const headers = { 'cf-r2-jurisdiction': 'eu' }
  const problem = await problemOf(send(example, { key: await keyWithGrants(everything), headers }))
  expect(problem).toMatchObject({ status: 400, errors: [{ in: 'header', pointer: 'cf-r2-jurisdiction' }] })
  expect(await emulator.received()).toEqual([])
})
