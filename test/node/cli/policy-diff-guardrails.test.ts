import { describe, expect, test } from 'vitest'
import { admin, changes, diff, grant, tls } from './policy-differences.ts'
import { documentOf } from './policy-run.ts'

describe('guardrails, in words', () => {
  test('a new one and one that is gone', async () => {
    expect(await changes(admin({}), tls('1.2'))).toEqual([
      '- guardrail tls (customDomains, enforce) is new: {"minTLS":"1.2"}',
    ])
    expect(await changes(tls('1.2'), admin({}))).toEqual(['+ guardrail tls (customDomains, enforce) is gone'])
  })

  test('a stricter and a looser one', async () => {
    expect(await changes(tls('1.2'), tls('1.3'))).toEqual([
      '- guardrail tls (customDomains, enforce) is stricter: minTLS "1.2" → "1.3"',
    ])
    expect(await changes(tls('1.3'), tls('1.2'))).toEqual([
      '+ guardrail tls (customDomains, enforce) is looser: minTLS "1.3" → "1.2"',
    ])
  })

  test('one that only warns from now on is looser', async () => {
    expect(await changes(tls('1.2'), tls('1.2', { mode: 'warn' }))).toEqual([
      '+ guardrail tls (customDomains, warn) is looser: mode "enforce" → "warn"',
    ])
  })

  test('one in fewer buckets is looser', async () => {
    expect(await changes(tls('1.2'), tls('1.2', { buckets: ['media-a'] }))).toEqual([
      '+ guardrail tls (customDomains, enforce) is looser: on ["*"] → ["media-a"]',
    ])
  })

  test('one that is neither is on both sides', async () => {
    const of = (...origins: string[]) => admin({ guardrails: [{ name: 'web', cors: { origins } }] })
    const what =
      'guardrail web (cors, enforce) is other: origins ["https://a.example"] → ["https://b.example"]'
    expect(await changes(of('https://a.example'), of('https://b.example'))).toEqual([
      `+ ${what}`,
      `- ${what}`,
    ])
  })

  test('a new name for the same rule gives and takes nothing', async () => {
    const renamed = admin({ guardrails: [{ name: 'tls-floor', customDomains: { minTLS: '1.2' } }] })
    expect(await changes(tls('1.2'), renamed)).toEqual([
      '~ guardrail tls (customDomains, enforce) is gone',
      '~ guardrail tls-floor (customDomains, enforce) is new: {"minTLS":"1.2"}',
    ])
    expect((await diff(tls('1.2'), renamed, '--fail-on-gain')).code).toBe(0)
  })

  test('one on what the team has no grant of is not told', async () => {
    const rules = { guardrails: [{ name: 'tls', customDomains: { minTLS: '1.2' } }] }
    const viewer = { grants: [grant('viewer', ['media-*'])] }
    expect(await changes(documentOf(viewer), documentOf({ ...viewer, ...rules }))).toEqual([])
  })
})
