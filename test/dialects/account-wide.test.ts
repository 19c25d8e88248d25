import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PolicyDocument } from '../../src/policy/document.ts'
import { JURISDICTIONS } from '../../src/policy/names.ts'
import { operations } from '../../src/routes/r2/index.ts'
import { applyPolicy, call, createKey, emulator, everything, keyWithGrants, problemOf } from '../harness.ts'
import { document } from '../policy/arbitraries.ts'
import { naiveAllows } from '../policy/naive.ts'
import { A, envelopeOf } from './v4-examples.ts'

/** The whole account is in no jurisdiction: naming one changes nothing of who may do what, on either dialect. */

const DOORS = ['/v1/metrics', `${A}/r2/metrics`]
const header = (place: string) => ({ 'cf-r2-jurisdiction': place })

test('one operation of R2 is on the whole account: the one of the metrics', () => {
  const onTheAccount = operations.filter(({ target }) => target === 'account')
  expect(onTheAccount.map(({ name }) => name)).toEqual(['buckets.metrics.list'])
})

test.each(DOORS.flatMap((path) => [...JURISDICTIONS, 'mars', ''].map((place) => [path, place] as const)))(
  '%s refuses to be asked in jurisdiction %j, by the name of the header, and nothing is sent',
  async (path, place) => {
    const key = await keyWithGrants(everything)
    const response = await call(path, { key, headers: header(place) })
    const text = path.startsWith('/v1')
      ? (await problemOf(response)).detail
      : (await envelopeOf(response)).errors[0]?.message
    expect([response.status, await emulator.received()]).toEqual([400, []])
    expect(text).toContain('cf-r2-jurisdiction')
  },
)

test.each(DOORS)('%s is not opened by a grant on everything in eu only', async (path) => {
  const key = await keyWithGrants({ role: 'owner', buckets: ['*'], jurisdictions: ['eu'] })
  const answers = [await call(path, { key }), await call(path, { key, headers: header('eu') })]
  expect(answers.map(({ status }) => status)).toEqual([403, 400])
})

test.each(DOORS)('%s stays closed by a deny in default, whatever jurisdiction is named', async (path) => {
  const deny = [
    { name: 'closed', permissions: ['buckets.metrics.*'], buckets: ['*'], jurisdictions: ['default'] },
  ]
  await applyPolicy({ teams: { team: { grants: [everything], deny } } })
  const key = await createKey('team')
  const answers = [await call(path, { key }), await call(path, { key, headers: header('eu') })]
  expect(answers.map(({ status }) => status)).toEqual([403, 400])
})

test('both dialects decide alike, as a naive reading does, whatever the policy and whatever is named', async () => {
  await fc.assert(
    fc.asyncProperty(
      document,
      fc.constantFrom(...JURISDICTIONS, null),
      async (document: PolicyDocument, place) => {
        await applyPolicy(document)
        const key = await createKey('team')
        const headers = place === null ? {} : header(place)
        const question = {
          operation: 'buckets.metrics.list',
          jurisdiction: 'default',
          bucket: null,
        } as const
        const allowed = naiveAllows(document, 'team', null, question) ? 200 : 403
        for (const path of DOORS)
          expect((await call(path, { key, headers })).status).toBe(place === null ? allowed : 400)
      },
    ),
    { numRuns: 40 },
  )
})
