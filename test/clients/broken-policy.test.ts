import { describe, expect, inject, it } from 'vitest'
import { key } from './running.ts'

/** The stack of these tests was started with a policy that is not valid, and put right before the first of them. */

const { place, seen } = inject('broken')

describe('with a policy that is not valid', () => {
  it('the warden runs', () => {
    expect(seen.alive).toBe(200)
  })

  it('the start says so, and where in the file', () => {
    expect(seen.printed).toContain(place)
  })

  it('/readyz answers 503', () => {
    expect(seen.ready).toBe(503)
  })

  it('/readyz says where in the file', () => {
    expect(seen.problems).toEqual([expect.stringContaining(place)])
  })

  it('every key is refused', () => {
    expect(seen.statusOfKeys).toEqual({
      'media-admin': 403,
      'media-viewer': 403,
      'data-editor': 403,
      'platform-owner': 403,
    })
  })

  it('nothing is sent', () => {
    expect(seen.received).toEqual([])
  })
})

describe('applying one that is valid', () => {
  it('makes the running warden ready', async () => {
    expect((await fetch(`${inject('running').warden}/readyz`)).status).toBe(200)
  })

  it('lets the keys in again', async () => {
    const headers = { authorization: `Bearer ${key('media-admin')}` }
    expect((await fetch(`${inject('running').warden}/v1/buckets/media-assets`, { headers })).status).toBe(200)
  })
})
