import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type Ran, run } from '../node/run.ts'
import { ACCOUNT, key } from './running.ts'

/** The snippets of docs/clients.md, run as they stand there. */

const PROJECT = path.join(import.meta.dirname, '..', '..')
const guide = readFileSync(path.join(PROJECT, 'docs', 'clients.md'), 'utf8')

/** The code block under a heading. */
function snippet(heading: string): string {
  const section = guide.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? ''
  const [, code] = /^```\w+\n([\s\S]*?)^```$/m.exec(section) ?? []
  if (code === undefined) throw new Error(`there is no code under ${heading}`)
  return code
}

let folder: string
const follow = (command: readonly string[]): Promise<Ran> =>
  run(command, {
    cwd: folder,
    env: {
      WARDEN_URL: inject('running').warden,
      WARDEN_KEY: key('media-admin'),
      WARDEN_ACCOUNT: ACCOUNT,
      HOME: folder,
      XDG_CONFIG_HOME: folder,
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_HIDE_BANNER: 'true',
    },
  })

let wrangler: Ran
let typescript: Ran
let account: Ran
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'warden-guides-'))
  symlinkSync(path.join(PROJECT, 'node_modules'), path.join(folder, 'node_modules'), 'junction')
  const curl = /`(curl .*?)`/.exec(guide)?.[1] ?? 'false'
  ;[wrangler, typescript] = await Promise.all([
    follow(['sh', '-ec', snippet('wrangler')]),
    follow([process.execPath, '--input-type=module-typescript', '--eval', snippet('TypeScript')]),
  ])
  account = await follow(['sh', '-ec', curl])
})
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

describe('the guide', () => {
  it('for the account id shows it', () => {
    expect(account.stdout).toContain(`"id":"${ACCOUNT}"`)
  })

  it('for wrangler lists the buckets, then the rules of one', () => {
    expect(wrangler).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/name: +media-assets[\s\S]*Default Multipart Abort Rule/),
    })
  })

  it('for TypeScript shows a bucket of a jurisdiction', () => {
    expect(typescript).toEqual({ code: 0, stdout: 'media-assets WEUR\n', stderr: '' })
  })
})
