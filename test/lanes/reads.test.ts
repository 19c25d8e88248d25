import { expect, test } from 'vitest'
import { everything, keyWithGrants } from '../harness.ts'
import { lanesAsked } from '../lanes-asked.ts'
import { reads } from '../routes/examples.ts'
import { DIALECTS, exampleOf, v1 } from './dialects.ts'

test('reads wake no lane, in either dialect, whatever preconditions they come with', async () => {
  const key = await keyWithGrants(everything)
  for (const { send } of DIALECTS)
    for (const example of reads)
      for (const headers of [{}, { 'if-none-match': '*', 'idempotency-key': 'one' }])
        await send(example, { key, headers })
  expect(lanesAsked()).toEqual([])
})

test('a change wakes the lane of its bucket, and no other', async () => {
  await v1.send(exampleOf('buckets.cors.update'), { key: await keyWithGrants(everything) })
  expect(lanesAsked()).toEqual(['bucket:default/media-assets'])
})
