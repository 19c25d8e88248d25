import { afterAll, describe, expect, test } from 'vitest'
import { folder, GET, run } from './policy-cases.ts'
import { EXAMPLE, policyCommand } from './policy-run.ts'

afterAll(() => folder.remove())

describe('a file of cases that is not right is refused, with the place', () => {
  test.each<[string, object, string]>([
    [
      'an unknown key',
      { ...GET, expects: 'allow', expect: 'allow' },
      'cases.0.expects: is not known; did you mean "expect"?',
    ],
    ['no expectation', GET, 'cases.0.expect: expected one of "allow", "warn", "deny", found nothing'],
    ['another expectation', { ...GET, expect: 'allowed' }, 'found "allowed"; did you mean "allow"?'],
    [
      'a team that does not exist',
      { ...GET, team: 'medias', expect: 'deny' },
      'cases.0.team: no team is called "medias"; did you mean "media"?',
    ],
    [
      'an operation that does not exist',
      { ...GET, operation: 'bucket.get', expect: 'deny' },
      'did you mean "buckets.get"?',
    ],
    [
      'a rule that does not exist',
      { ...GET, expect: 'deny', by: 'keeper' },
      'cases.0.by: no rule that binds the team is called "keeper"; did you mean "keep"?',
    ],
    [
      'a role that does not exist',
      { ...GET, scope: { role: 'corsonly' }, expect: 'deny' },
      'cases.0.scope.role: no role is called "corsonly"; did you mean "cors-only"?',
    ],
    [
      'a jurisdiction that does not exist',
      { ...GET, jurisdiction: 'mars', expect: 'deny' },
      'cases.0.jurisdiction: expected one of',
    ],
    ['a time without a zone', { ...GET, now: '2026-01-01', expect: 'deny' }, 'cases.0.now: expected'],
  ])('%s', async (_, one, problem) => {
    const { stderr, code } = await run([one])
    expect(stderr).toMatch(/policy\.test\.yaml:1:\d+: /)
    expect(stderr).toContain(problem)
    expect(stderr).toContain('Nothing was tested.')
    expect(code).toBe(1)
  })

  test('two cases of one name', async () => {
    const { stderr } = await run([
      { ...GET, name: 'twin', expect: 'allow' },
      { ...GET, name: 'twin', expect: 'allow' },
    ])
    expect(stderr).toContain('cases.1.name: a second case is called "twin"')
  })

  test('a file that is not there', async () => {
    const { stderr, code } = await policyCommand('test', EXAMPLE, '--cases', '/nowhere.yaml')
    expect(stderr).toContain('/nowhere.yaml cannot be read')
    expect(code).toBe(1)
  })
})
