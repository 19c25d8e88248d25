import { readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { run } from '../run.ts'
import { until } from '../stack.ts'
import { running } from './stack.ts'

/** `npx warden policy apply` against the database of a running warden. */

let example: string
beforeAll(() => {
  example = readFileSync(running().checkout.path('policy', 'example.yaml'), 'utf8')
})

function apply(text: string) {
  writeFileSync(running().checkout.path('applied.yaml'), text)
  return warden('policy', 'apply', 'applied.yaml')
}
const warden = (...args: string[]) =>
  run([process.execPath, 'cli/warden.ts', ...args], { cwd: running().checkout.folder })

const versionInForce = async () => {
  const { policyVersion }: { policyVersion: number } = await (await running().call('/readyz')).json()
  return policyVersion
}

const grantToMedia = '      - { role: viewer, buckets: ["data-lake"] }\n'
const widened = () => example.replace('teams:\n  media:\n    grants:\n', (found) => found + grantToMedia)

describe('a valid document', () => {
  it('is put in force as the next version', async () => {
    expect(await apply(widened())).toMatchObject({
      code: 0,
      stdout: 'Version 2 of the policy is in force in the local database: 3 teams.\n',
    })
  })

  it('is what the running warden decides by, without a restart', async () => {
    const key = running().key('media-admin')
    await until(async () => (await running().call('/v1/buckets/data-lake', { key })).status === 200)
  })

  it('is left alone when it is in force already', async () => {
    expect(await apply(widened())).toMatchObject({
      code: 0,
      stdout: 'Nothing to do: this is version 2, already in force in the local database.\n',
    })
  })

  it('takes back what it no longer grants', async () => {
    await apply(example)
    const key = running().key('media-admin')
    await until(async () => (await running().call('/v1/buckets/data-lake', { key })).status === 403)
  })
})

describe('a document that is not valid is refused with its place, and nothing is applied', () => {
  it.each([
    ['YAML that is none', 'version: 1\nteams: [\n', 'applied.yaml:3:1: '],
    ['a field that is not known', 'version: 1\nteam: {}\nteams: {}\n', 'applied.yaml:2:7: '],
    ['a key that stands twice', 'version: 1\nteams: {}\nteams: {}\n', 'applied.yaml:3:1: '],
    ['nothing', '', 'applied.yaml:1:1: '],
  ])('%s', async (_, text, place) => {
    const before = await versionInForce()
    const { code, stdout, stderr } = await apply(text)
    const isTold = stderr.startsWith(place) && stderr.endsWith('Nothing was applied.\n')
    expect([code, stdout, isTold, await versionInForce()]).toEqual([1, '', true, before])
  })
})

describe('what cannot be done is said without a stack', () => {
  it.each([
    ['a file that is not there', ['policy', 'apply', 'nowhere.yaml'], /^nowhere\.yaml cannot be read: /],
    ['no file', ['policy', 'apply'], /^error: missing required argument 'file'/],
    ['two files', ['policy', 'apply', 'a', 'b'], /^error: too many arguments/],
    ['an option that is not known', ['policy', 'apply', 'a', '--force'], /^error: unknown option '--force'/],
    ['a command that is not known', ['polcy'], /^error: unknown command 'polcy'/],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await warden(...args)
    expect({ code, stdout, stderr, hasStack: /^ {4}at /m.test(stderr) }).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(message),
      hasStack: false,
    })
  })
})
