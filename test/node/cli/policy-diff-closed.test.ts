import { expect, test } from 'vitest'
import { changes, diff, grant } from './policy-differences.ts'
import { documentOf } from './policy-run.ts'

const team = (role: string, closedByDefault: boolean) =>
  documentOf({ grants: [grant(role, ['media-*'])] }, { organization: { closedByDefault } })

test('closing by default takes what no guardrail names, and opening gives it', async () => {
  expect(await changes(team('admin', false), team('admin', true))).toEqual([
    '- closedByDefault is new: zones, queues and sources that no guardrail names may not be used any more',
  ])
  expect(await changes(team('admin', true), team('admin', false))).toEqual([
    '+ closedByDefault is gone: zones, queues and sources that no guardrail names may be used',
  ])
})

test('it is no change for a team that only reads', async () => {
  expect((await diff(team('viewer', false), team('viewer', true))).stdout).toContain('Nothing changes')
})
