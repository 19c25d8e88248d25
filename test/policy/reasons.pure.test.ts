import { expect, test } from 'vitest'
import { answer, on, policy } from './tools.ts'

/** A refusal says why its rule is there, and whom to ask. */

const grants = [{ role: 'owner', buckets: ['*'], jurisdictions: ['*'] }]
const organization = {
  contact: '#storage',
  deny: [
    {
      name: 'forever',
      permissions: ['buckets.delete'],
      buckets: ['*-prod'],
      reason: 'Production is kept for audits.',
    },
  ],
  guardrails: [{ name: 'no-r2-dev', managedDomain: { public: false }, reason: 'r2.dev has no cache' }],
}
const bound = policy({ grants, contact: '#media' }, { organization })
const opening = { ...on('buckets.domains.managed.update', 'media-a'), body: { enabled: true } }

test('a deny rule tells its reason and the contact', () => {
  expect(answer(bound, on('buckets.delete', 'site-prod'))).toMatchObject({
    rule: { name: 'forever', from: 'organization' },
    reason: 'Production is kept for audits.',
    contact: '#media',
    message: expect.stringContaining('Production is kept for audits. Ask #media.'),
  })
})

test('a guardrail tells its reason and the contact', () => {
  expect(answer(bound, opening)).toMatchObject({
    reason: 'r2.dev has no cache',
    contact: '#media',
    message:
      'no-r2-dev, /enabled: the bucket may not be public at r2.dev; set enabled to false. r2.dev has no cache. Ask #media.',
  })
})

test('a team without a contact has that of the organization', () => {
  expect(answer(policy({ grants }, { organization }), opening)).toMatchObject({ contact: '#storage' })
})

test('a missing grant tells whom to ask for one', () => {
  expect(answer(policy({}, { organization }), opening)).toMatchObject({
    contact: '#storage',
    message: expect.stringMatching(/ Ask #storage\.$/),
  })
})

test('where nothing is said, nothing is told', () => {
  const told = answer(
    policy({ grants, guardrails: [{ name: 'closed', managedDomain: { public: false } }] }),
    opening,
  )
  expect(Object.keys(told)).not.toContain('contact')
  expect(Object.keys(told)).not.toContain('reason')
})
