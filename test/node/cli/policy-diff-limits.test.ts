import { describe, expect, test } from 'vitest'
import { admin, changes, diff, grant, granted } from './policy-differences.ts'
import { documentOf } from './policy-run.ts'

const limited = (buckets?: number) => admin({ limits: buckets === undefined ? {} : { buckets } })
const viewers = (buckets: number) =>
  documentOf({ grants: [grant('viewer', ['media-*'])], limits: { buckets } })

describe('limits, in words', () => {
  test.each<[string, object, object, string]>([
    [
      'a higher one',
      limited(20),
      limited(50),
      '+ may now have at most 50 buckets that it created, before at most 20 (limits.buckets is wider)',
    ],
    [
      'a lower one',
      limited(20),
      limited(1),
      '- may now have at most 1 bucket that it created, before at most 20 (limits.buckets is narrower)',
    ],
    [
      'one that leaves no room at all',
      limited(20),
      limited(0),
      '- may now have at most 0 buckets that it created, before at most 20 (limits.buckets is narrower)',
    ],
    [
      'one that is new',
      limited(),
      limited(20),
      '- may now have at most 20 buckets that it created, before any number (limits.buckets is narrower)',
    ],
    [
      'one that is gone',
      limited(0),
      limited(),
      '+ may now have any number of buckets that it created, before at most 0 (limits.buckets is wider)',
    ],
  ])('%s', async (_, before, after, said) => {
    expect(await changes(before, after)).toEqual([said])
  })

  test.each<[string, object, object]>([
    ['the same', limited(20), limited(20)],
    ['one of a team that creates nothing', viewers(20), viewers(50)],
  ])('%s is no change', async (_, before, after) => {
    expect((await diff(before, after)).stdout).toContain('Nothing changes')
  })

  test('of a team that may create from now on, the grant is the gain', async () => {
    const [gain, ...others] = await changes(granted(grant('viewer', ['media-*'])), limited(20))
    expect(gain).toMatch(/^\+ may now .*buckets\.\{create,/)
    expect(others).toEqual(['~ limits.buckets is new: at most 20 buckets that the team created'])
  })

  test('of a team that may create no longer, the grant is the loss', async () => {
    const [loss, ...others] = await changes(limited(20), viewers(50))
    expect(loss).toMatch(/^- may no longer .*buckets\.\{create,/)
    expect(others).toEqual(['~ limits.buckets is now: at most 20 → at most 50 buckets that the team created'])
  })
})

test('with --fail-on-gain a wider limit exits with 2, a narrower one with 0', async () => {
  expect((await diff(limited(20), limited(50), '--fail-on-gain')).code).toBe(2)
  expect((await diff(limited(50), limited(20), '--fail-on-gain')).code).toBe(0)
})

test('in JSON a limit says of itself what it is', async () => {
  const { stdout } = await diff(limited(20), limited(50), '--json')
  expect(JSON.parse(stdout).teams[0].gains).toMatchObject([
    { kind: 'limit', rule: 'limits.buckets', operations: ['buckets.create'] },
  ])
})
