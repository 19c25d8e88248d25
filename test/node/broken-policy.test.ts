import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Checkout } from './checkout.ts'
import { run } from './run.ts'
import { Stack, until } from './stack.ts'

/** A start with a `policy/example.yaml` that doesn't hold, and how it is put right. */

const LAST_LINE = '      - { role: owner, buckets: ["*"], jurisdictions: ["*"] }\n'
const WRONG_LINE = '      - { role: emperor, buckets: ["*"], jurisdictions: ["*"] }\n'

let stack: Stack
let place: string
let right: string
beforeAll(async () => {
  const checkout = new Checkout()
  const file = checkout.path('policy', 'example.yaml')
  right = readFileSync(file, 'utf8')
  writeFileSync(file, right.replace(LAST_LINE, WRONG_LINE))
  const line = right.slice(0, right.indexOf(LAST_LINE)).split('\n').length
  place = `policy/example.yaml:${line}:${WRONG_LINE.indexOf('emperor') + 1}: `
  stack = await Stack.start({ checkout })
})
afterAll(() => stack.stop())

describe('with a policy that is not valid', () => {
  it('the warden runs', async () => {
    expect((await stack.call('/healthz')).status).toBe(200)
  })

  it('the start says so, and where in the file', () => {
    expect(stack.printed).toContain(place)
  })

  it('/readyz answers 503', async () => {
    expect((await stack.call('/readyz')).status).toBe(503)
  })

  it('/readyz says where in the file', async () => {
    const { problems }: { problems: string[] } = await (await stack.call('/readyz')).json()
    expect(problems).toEqual([expect.stringContaining(place)])
  })

  it.each(['media-admin', 'media-viewer', 'data-editor', 'platform-owner'])('%s is refused', async (name) => {
    expect((await stack.call('/v1/buckets/media-assets', { key: stack.key(name) })).status).toBe(403)
  })

  it('nothing is sent', async () => {
    await stack.call('/v1/metrics', { key: stack.key('platform-owner') })
    expect(await stack.received()).toEqual([])
  })
})

describe('applying one that is valid', () => {
  beforeAll(async () => {
    writeFileSync(stack.checkout.path('mended.yaml'), right)
    const command = [process.execPath, 'cli/warden.ts', 'policy', 'apply', 'mended.yaml']
    await run(command, { cwd: stack.checkout.folder })
  })

  it('makes the running warden ready', async () => {
    await until(async () => (await stack.call('/readyz')).status === 200)
  })

  it('lets the keys in again', async () => {
    const key = stack.key('media-admin')
    await until(async () => (await stack.call('/v1/buckets/media-assets', { key })).status === 200)
  })
})

it('an interrupted start ends with code 0', async () => {
  expect(await stack.interrupt()).toBe(0)
})
