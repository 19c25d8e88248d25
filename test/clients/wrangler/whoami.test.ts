import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ran } from '../../node/run.ts'
import { ACCOUNT, asData } from '../running.ts'
import { Wrangler } from './wrangler.ts'

/** Who wrangler takes a team for. */

const wrangler = new Wrangler()
let whoami: Ran
let unset: Ran
beforeAll(async () => {
  ;[whoami, unset] = await Promise.all([
    wrangler.run('whoami', asData()),
    wrangler.run('r2 bucket info data-lake', asData(), { CLOUDFLARE_ACCOUNT_ID: '' }),
  ])
})
afterAll(() => wrangler.remove())

describe('wrangler whoami', () => {
  it('succeeds', () => {
    expect(whoami).toMatchObject({ code: 0 })
  })

  it('prints the one account, under the name of the team', () => {
    expect(whoami.stdout).toMatch(new RegExp(`data +│ +${ACCOUNT}`))
  })
})

describe('wrangler without CLOUDFLARE_ACCOUNT_ID', () => {
  it('finds the account by itself', () => {
    expect(unset).toMatchObject({ code: 0, stdout: expect.stringMatching(/name: +data-lake/) })
  })
})
