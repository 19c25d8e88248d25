import { beforeAll, describe, expect, it } from 'vitest'
import { run } from '../run.ts'
import { running } from './stack.ts'

/** `npx warden keys create` against the database of a running warden. */

const KEY = /^r2w_[0-9A-Za-z]+_[0-9A-Za-z]+$/

const create = (...args: string[]) =>
  run([process.execPath, 'cli/warden.ts', 'keys', 'create', ...args], { cwd: running().checkout.folder })

const statusOf = async (key: string, path: string, method = 'GET') =>
  (await running().call(path, { key, method })).status

interface Identity {
  readonly key: { readonly expiresAt: string }
}

async function whoIs(key: string): Promise<Identity> {
  return (await running().call('/v1/whoami', { key })).json()
}

describe('a new key', () => {
  let printed: string
  let key: string
  beforeAll(async () => {
    printed = (await create('--team', 'media', '--name', 'ana laptop', '--expires', '12h')).stdout
    key = printed.trim()
  })

  it('is the only thing on the standard output', () => {
    expect(printed.replace(/\n$/, '')).toMatch(KEY)
  })

  it('works at once, without a restart', async () => {
    expect(await statusOf(key, '/v1/buckets/media-assets')).toBe(200)
  })

  it('may do what its team may, and no more', async () => {
    expect(await statusOf(key, '/v1/buckets/finance-ledger')).toBe(403)
  })

  it('is of its team, bears its name and has no scope', async () => {
    expect(await whoIs(key)).toMatchObject({ team: 'media', key: { name: 'ana laptop', scope: null } })
  })

  it('ends when it was told to', async () => {
    const { key: known } = await whoIs(key)
    expect(Math.round((Date.parse(known.expiresAt) - Date.now()) / 3_600_000)).toBe(12)
  })
})

describe('a key with a scope', () => {
  const scope = {
    permissions: ['buckets.get', 'buckets.cors.*'],
    buckets: ['media-as*', 'media-x'],
    jurisdictions: ['eu'],
  }
  let printed: string
  let key: string
  beforeAll(async () => {
    const narrowing = Object.entries(scope).flatMap(([name, values]) => [`--${name}`, values.join(', ')])
    printed = (await create('--team', 'media', '--name', 'narrow', ...narrowing, '--json')).stdout
    key = JSON.parse(printed).key
  })

  it('is described, with itself, by --json', () => {
    const described = { team: 'media', name: 'narrow', scope, key: expect.stringMatching(KEY) }
    expect(JSON.parse(printed)).toMatchObject(described)
  })

  it('is known with that scope to the warden', async () => {
    expect(await whoIs(key)).toMatchObject({ key: { scope } })
  })

  it('may do what the scope leaves', async () => {
    expect(await statusOf(key, '/v1/buckets/media-assets?jurisdiction=eu')).toBe(200)
  })

  it.each([
    ['permission', '/v1/buckets/media-assets/lifecycle?jurisdiction=eu'],
    ['bucket', '/v1/buckets/media-site-prod?jurisdiction=eu'],
    ['jurisdiction', '/v1/buckets/media-assets'],
  ])('is refused another %s', async (_, path) => {
    expect(await statusOf(key, path)).toBe(403)
  })
})

it('a key of a role may do what the role may', async () => {
  const { stdout } = await create('--team', 'media', '--name', 'watch', '--role', 'viewer')
  const statuses = ['GET', 'DELETE'].map((method) =>
    statusOf(stdout.trim(), '/v1/buckets/media-assets', method),
  )
  expect(await Promise.all(statuses)).toEqual([200, 403])
})

describe('what cannot be made is refused with code 1, says why, and prints no key', () => {
  const ci = ['--team', 'media', '--name', 'ci']
  it.each([
    ['a team that is not known', ['--team', 'sales', '--name', 'ci'], 'has no team called sales'],
    ['a quote in a team', ['--team', "media' OR '1'='1", '--name', 'ci'], 'has no team called'],
    ['a role that is not known', [...ci, '--role', 'emperor'], 'No role is called emperor'],
    [
      'a permission that is not known',
      [...ci, '--permissions', 'bucket.*'],
      'No operation is called bucket.*',
    ],
    ['a bucket that is no name', [...ci, '--buckets', 'Media_*'], 'buckets'],
    ['a jurisdiction that is not known', [...ci, '--jurisdictions', 'mars'], 'jurisdictions'],
    ['an age that is none', [...ci, '--expires', 'soon'], 'Write days or hours, such as 90d or 12h'],
    ['a name that is none', ['--team', 'media', '--name', ' '], 'Letters, digits'],
    ['an option that is not known', [...ci, '--forever'], "unknown option '--forever'"],
    ['no team', ['--name', 'ci'], "required option '--team <team>' not specified"],
    ['no name', ['--team', 'media'], "required option '--name <name>' not specified"],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await create(...args)
    expect({ code, stdout, stderr, hasStack: /^ {4}at /m.test(stderr) }).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(message),
      hasStack: false,
    })
  })
})

it('--help lists every option', async () => {
  const { code, stdout } = await create('--help')
  const missing = ['--team', '--name', '--expires', '--role', '--buckets', '--remote', '--json'].filter(
    (option) => !stdout.includes(option),
  )
  expect([code, missing]).toEqual([0, []])
})
