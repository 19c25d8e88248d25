import { describe, expect, it } from 'vitest'
import { running } from './stack.ts'

/** `npm start` as a newcomer meets it, in a fresh clone. */

describe('the first start', () => {
  it('brings up the warden', async () => {
    expect((await running().call('/healthz')).status).toBe(200)
  })

  it('brings up the warden ready to serve', async () => {
    expect(await (await running().call('/readyz')).json()).toMatchObject({ status: 'ready', problems: [] })
  })

  it('brings up the emulator', async () => {
    expect((await fetch(`${running().emulator}/__emulator/health`)).status).toBe(200)
  })

  it('serves the documentation from this machine', async () => {
    expect((await running().call('/docs')).status).toBe(200)
  })

  it('prints where both are', () => {
    expect(running().printed).toMatch(new RegExp(`${running().warden}[\\s\\S]*${running().emulator}`))
  })

  it('writes the demo keys to a file', () => {
    expect(Object.keys(running().keys)).toEqual(
      expect.arrayContaining(['media-admin', 'media-viewer', 'data-editor', 'platform-owner']),
    )
  })

  it('prints the keys of the file', () => {
    const missing = Object.values(running().keys).filter((key) => !running().printed.includes(key))
    expect(missing).toEqual([])
  })

  it('prints no colours where there is no terminal', () => {
    expect(running().printed).not.toContain('\u001b')
  })

  it.each([
    ['media-admin', 'media', null],
    ['media-viewer', 'media', { role: 'viewer' }],
    ['data-editor', 'data', null],
    ['platform-owner', 'platform', null],
  ])('makes the key %s one of team %s', async (name, team, scope) => {
    const answer = await running().call('/v1/whoami', { key: running().key(name) })
    expect(await answer.json()).toMatchObject({ team, key: { name, scope } })
  })
})
