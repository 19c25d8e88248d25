import { expect, test } from 'vitest'
import { everything, keyWithGrants } from '../harness.ts'
import { exampleOf, v1 } from '../lanes/dialects.ts'
import { writtenBy } from './written.ts'

/** From where a change was asked for: as Cloudflare says it, and nobody else. */

const CORS = exampleOf('buckets.cors.update')

async function addressFor(headers: Record<string, string>): Promise<string | null | undefined> {
  const key = await keyWithGrants(everything)
  const { records } = await writtenBy(() => v1.send(CORS, { key, headers }))
  expect(records).toHaveLength(1)
  return records[0]?.clientAddress
}

test.each(['192.0.2.7', '255.255.255.255', '2001:db8::1', '2001:DB8::1', '::1', '::ffff:192.0.2.1'])(
  'the address %s is recorded as it is',
  async (address) => {
    expect(await addressFor({ 'cf-connecting-ip': address })).toBe(address)
  },
)

test.each([
  '',
  'unknown',
  'beef',
  '....',
  ':::::',
  '1.2.3',
  '300.1.1.1',
  '1.2.3.4, 5.6.7.8',
  '1.2.3.4:80',
  '::1%eth0',
  '[::1]',
  '::1]/x[',
  "1.2.3.4' OR 1=1 --",
  '<script>alert(1)</script>',
  '1'.repeat(4096),
])('garbage where the address belongs is not recorded: %s', async (garbage) => {
  expect(await addressFor({ 'cf-connecting-ip': garbage })).toBeNull()
})

test.each(['x-forwarded-for', 'x-real-ip', 'forwarded', 'true-client-ip'])(
  'what a caller says in %s is nobody’s address',
  async (name) => {
    expect(await addressFor({ [name]: '192.0.2.66' })).toBeNull()
    expect(await addressFor({ 'cf-connecting-ip': '192.0.2.7', [name]: '192.0.2.66' })).toBe('192.0.2.7')
  },
)
