import { afterAll, describe, expect, test } from 'vitest'
import { cors, folder, GET, report, run, tls } from './policy-cases.ts'
import { documentOf, policyCommand } from './policy-run.ts'

afterAll(() => folder.remove())

describe('a case passes when what it expects happens', () => {
  test.each<[string, object]>([
    ['allow, by a grant', { ...GET, expect: 'allow', by: 'teams.media.grants[0]' }],
    ['allow, by whichever grant', { ...GET, expect: 'allow' }],
    [
      'deny, by a deny rule',
      { ...GET, operation: 'buckets.delete', bucket: 'media-prod', expect: 'deny', by: 'keep' },
    ],
    ['deny, by a guardrail', { ...cors('https://evil.test'), expect: 'deny', by: 'origins' }],
    ['deny, without a grant', { ...GET, bucket: 'other', expect: 'deny', by: 'no-grant' }],
    ['deny, elsewhere', { ...GET, jurisdiction: 'eu', expect: 'deny', by: 'no-grant' }],
    [
      "deny, by the key's scope",
      { ...GET, scope: { role: 'cors-only' }, expect: 'deny', by: 'out-of-scope' },
    ],
    ['warn, by a guardrail that warns', { ...tls('1.0'), expect: 'warn', by: 'floor' }],
    ['warn, and the grant that gave it', { ...tls('1.0'), expect: 'warn', by: 'teams.media.grants[0]' }],
    [
      'allow, with a guardrail that only records',
      {
        ...GET,
        operation: 'buckets.domains.managed.update',
        body: { enabled: true },
        expect: 'allow',
        by: 'watch',
      },
    ],
    ['a listing', { team: 'media', operation: 'buckets.list', expect: 'allow' }],
    [
      'creation, of the bucket in the body',
      { team: 'media', operation: 'buckets.create', body: { name: 'media-new' }, expect: 'allow' },
    ],
  ])('%s', async (_, one) => {
    expect(await report([one])).toMatchObject({ passed: 1, failed: 0, code: 0 })
  })
})

describe('a case fails, and the command with it', () => {
  test.each<[string, object, string]>([
    [
      'when it puts the whole account in a jurisdiction',
      { team: 'media', operation: 'buckets.metrics.list', jurisdiction: 'eu', expect: 'deny' },
      '/jurisdiction: buckets.metrics.list has none',
    ],
    ['when the answer is another', { ...GET, expect: 'deny' }, 'happened  allow by teams.media.grants[0]'],
    [
      'when another rule decided',
      { ...GET, bucket: 'other', expect: 'deny', by: 'keep' },
      'happened  deny by no-grant',
    ],
    [
      'when it is let pass with a warning',
      { ...tls('1.1'), expect: 'allow' },
      'because   teams.media.grants[0] gives it, by role admin; floor: ',
    ],
    [
      'when the guardrail is told why, with the pointer',
      { ...cors('*'), expect: 'allow' },
      '/rules/0/allowed/origins/0',
    ],
    [
      'when its body is not valid, with the pointer',
      { ...cors('x'), body: { rules: [{}] }, expect: 'deny' },
      '/body/rules/0/allowed: ',
    ],
    [
      'when its body has a field that is not known',
      { ...tls('1.2'), body: { minTls: '1.2' }, expect: 'deny' },
      '/body/minTls: is not known',
    ],
    [
      'when it names no bucket',
      { team: 'media', operation: 'buckets.get', expect: 'deny' },
      '/bucket: buckets.get needs it',
    ],
    [
      'when it has a body that nobody reads',
      { ...GET, body: {}, expect: 'deny' },
      '/body: buckets.get has none',
    ],
    [
      'when it names a bucket that cannot be',
      { ...GET, bucket: 'A', expect: 'deny' },
      '/bucket: expected 3 to 63 lower-case',
    ],
    [
      'when the bucket is not the one in the body',
      { ...GET, operation: 'buckets.create', body: { name: 'media-b' }, expect: 'allow' },
      '/bucket: differs from the name in the body',
    ],
    [
      'when a guardrail would compare with what is not told',
      { ...tls('1.2'), body: { enabled: true }, expect: 'deny' },
      '/current: is missing: a guardrail compares with what buckets.domains.custom.get answers',
    ],
    [
      'when a guardrail has no value to judge',
      { ...cors('x'), body: undefined, expect: 'deny' },
      '/body: is missing',
    ],
  ])('%s', async (_, one, said) => {
    const { stdout, code } = await run([one])
    expect(stdout).toContain('✗ case 0')
    expect(stdout).toContain(said)
    expect(code).toBe(1)
  })
})

test('what is there now can be told by operation, or alone where one answer is read', async () => {
  const one = { ...tls('1.2'), body: { enabled: true }, expect: 'warn' }
  const current = { minTLS: '1.0' }
  expect(await report([{ ...one, current }])).toMatchObject({ passed: 1 })
  expect(await report([{ ...one, current: { 'buckets.domains.custom.get': current } }])).toMatchObject({
    passed: 1,
  })
})

test('a case knows no time but its own', async () => {
  const lock = (date: string) => ({ rules: [{ id: 'a', enabled: true, condition: { type: 'Date', date } }] })
  const document = documentOf({
    grants: [{ role: 'admin', buckets: ['*'] }],
    guardrails: [{ name: 'locks', locks: { neverWeaken: true } }],
  })
  const file = folder.write('locks.json', document)
  const one = {
    team: 'media',
    operation: 'buckets.locks.update',
    bucket: 'media-a',
    body: { rules: [] },
    current: lock('2020-01-01T00:00:00Z'),
  }
  const cases = folder.write('locks.test.yaml', {
    cases: [
      { ...one, name: 'before', now: '2019-01-01T00:00:00Z', expect: 'deny' },
      { ...one, name: 'after', now: '2021-01-01T00:00:00Z', expect: 'allow' },
      { ...one, name: 'at no time', expect: 'deny' },
    ],
  })
  expect(await policyCommand('test', file, '--cases', cases)).toMatchObject({ code: 0 })
})

test('a body of a client of v4 may have the forms that v4 takes', async () => {
  const body = {
    rules: [{ allowed: { origins: ['https://a.example.com'], methods: ['GET'], headers: null }, note: 1 }],
  }
  const one = { ...cors('https://a.example.com'), body, dialect: 'v4' }
  expect(await run([{ ...one, expect: 'allow' }])).toMatchObject({ code: 0 })
  expect((await run([{ ...one, dialect: 'v1', expect: 'allow' }])).code).not.toBe(0)
})

test('on v4 a body that no guardrail can read is a fault of the case, as it is one of a request', async () => {
  const body = { rules: [{ AllowedOrigins: ['*'] }] }
  const { stdout, code } = await run([{ ...cors('*'), body, dialect: 'v4', expect: 'deny' }])
  expect(code).not.toBe(0)
  expect(stdout).toContain('/body/rules/0/allowed')
})
