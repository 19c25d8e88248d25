import { describe, expect, test } from 'vitest'
import { call } from '../harness.ts'
import { consoleLines, keepSecret } from '../leak-watch.ts'
import { BUCKET, SIPPY_SECRETS } from './examples.ts'
import { ask, guardedKey, sippyFrom } from './guardrails-cases.ts'

/** Sippy's credentials pass by the guardrails and the explanations, and are shown by none. */

const sippy = { method: 'PUT', path: `/buckets/${BUCKET}/sippy` }
const IN_URL = 'url-secret-that-must-never-be-seen'
keepSecret(IN_URL)

const destination = { provider: 'r2', accessKeyId: 'AK', secretAccessKey: SIPPY_SECRETS[1] }
const s3 = (bucketUrl: string) => ({
  source: { provider: 's3', bucketUrl, accessKeyId: 'AK', secretAccessKey: SIPPY_SECRETS[0] },
  destination,
})
/** Credentials in a URL are no better: they may be refused or passed on, but never shown. */
const inUrls = [
  `https://user:${IN_URL}@s3.example.com/media`,
  `https://s3.example.com/media?sig=${IN_URL}`,
  `https://s3.example.com/media#${IN_URL}`,
]
const guardrail = (mode: string) => ({ name: 'sources', mode, sippy: { sourceBuckets: ['old-*'] } })

const secrets = [...SIPPY_SECRETS, IN_URL]

/** The secrets that a caller or an operator could see. */
async function shownOf(response: Response): Promise<string[]> {
  const seen = [await response.text(), ...response.headers.values(), ...consoleLines()].join('\n')
  return secrets.filter((secret) => seen.includes(secret))
}

const explained = (key: string, body: unknown) =>
  call('/v1/explain', {
    key,
    method: 'POST',
    body: { operation: 'buckets.sippy.update', bucket: BUCKET, body },
  })

describe.each(['enforce', 'warn', 'shadow'])('a source that is not named, in mode %s,', (mode) => {
  const body = sippyFrom('finance')

  test('shows no secret when it is sent', async () => {
    const response = await ask(sippy, await guardedKey(guardrail(mode)), body)
    expect(response.status).toBe(mode === 'enforce' ? 403 : 200)
    expect(await shownOf(response)).toEqual([])
  })

  test('shows no secret when it is tried', async () => {
    const response = await ask(sippy, await guardedKey(guardrail(mode)), body, '?dryRun=true')
    expect(await response.clone().text()).toContain('finance')
    expect(await shownOf(response)).toEqual([])
  })

  test('shows no secret when it is explained', async () => {
    const response = await explained(await guardedKey(guardrail(mode)), body)
    expect(await response.clone().text()).toContain('finance')
    expect(await shownOf(response)).toEqual([])
  })

  test.each(inUrls)('shows nothing of the secret in %s', async (url) => {
    const key = await guardedKey(guardrail(mode))
    const sent = await ask(sippy, key, s3(url))
    const tried = await ask(sippy, key, s3(url), '?dryRun=true')
    expect([await shownOf(sent), await shownOf(tried), await shownOf(await explained(key, s3(url)))]).toEqual(
      [[], [], []],
    )
  })
})

test.each([
  ['a secret where the source belongs', { source: SIPPY_SECRETS[0], destination }],
  ['a secret where the provider belongs', { source: { provider: SIPPY_SECRETS[0] }, destination }],
  ['a secret under a name that is not known', { ...sippyFrom('old-a'), secretAccesskey: SIPPY_SECRETS[0] }],
  ['a secret as a number of texts', { source: [SIPPY_SECRETS[0]], destination }],
])('%s is refused without being shown', async (_, body) => {
  const response = await ask(sippy, await guardedKey(guardrail('enforce')), body)
  expect(response.status).toBe(400)
  expect(await shownOf(response)).toEqual([])
})
