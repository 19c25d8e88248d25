import { listDurableObjectIds } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { everything, keyWithGrants } from '../harness.ts'
import { reads } from '../routes/examples.ts'
import { DIALECTS } from './dialects.ts'

const lanes = async () => (await listDurableObjectIds(env.LANES)).map(String).sort()

test('reads wake no lane, in either dialect, whatever preconditions they come with', async () => {
  const key = await keyWithGrants(everything)
  const before = await lanes()
  for (const { send } of DIALECTS)
    for (const example of reads)
      for (const headers of [{}, { 'if-none-match': '*', 'idempotency-key': 'one' }])
        await send(example, { key, headers })
  expect(await lanes()).toEqual(before)
})
