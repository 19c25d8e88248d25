import { afterAll, describe, expect, test } from 'vitest'
import { cors, folder, GET, report, run } from './policy-cases.ts'
import { policyCommand } from './policy-run.ts'

afterAll(() => folder.remove())

describe('coverage', () => {
  const lacks = async (...cases: object[]) => {
    const { coverage } = await report(cases)
    return Object.fromEntries(coverage.rules.map(({ name, lacks }: Record<string, string>) => [name, lacks]))
  }

  test('a rule that no case decides is named, with what is lacking', async () => {
    expect(await lacks()).toEqual({
      admin: 'no case is allowed by it',
      keep: 'no case is denied by it',
      origins: 'no case violates it, no case passes it',
      floor: 'no case violates it, no case passes it',
      watch: 'no case violates it, no case passes it',
    })
  })

  test('a grant is covered by what it allows, not by what it would', async () => {
    expect(await lacks({ ...cors('*'), expect: 'deny' })).toHaveProperty('admin', 'no case is allowed by it')
    expect(await lacks({ ...GET, expect: 'allow' })).toHaveProperty('admin', null)
  })

  test('a guardrail is covered only by a case that violates it and one that passes it', async () => {
    const violating = { ...cors('*'), expect: 'deny' }
    const passing = { ...cors('https://www.example.com'), expect: 'allow' }
    expect(await lacks(violating)).toHaveProperty('origins', 'no case passes it')
    expect(await lacks(passing)).toHaveProperty('origins', 'no case violates it')
    expect(await lacks(violating, passing)).toHaveProperty('origins', null)
  })

  test('the table names each rule, its place and how many cases decided it', async () => {
    const { stdout } = await run([{ ...GET, expect: 'allow' }])
    expect(stdout).toMatch(/teams\.media\.grants\[0\] +admin +1 allowed +covered/)
    expect(stdout).toMatch(/teams\.media\.deny\[0\] +keep +0 denied +untested: no case is denied by it/)
    expect(stdout).toContain('1 of 5 rules covered: 20 %')
  })

  test('--min-coverage fails below it, and not at it', async () => {
    expect(await report([{ ...GET, expect: 'allow' }], '--min-coverage', '20')).toMatchObject({ code: 0 })
    const { stderr, code } = await run([{ ...GET, expect: 'allow' }], '--min-coverage', '21')
    expect(stderr).toContain('Coverage is 20 %, below the 21 % asked for.')
    expect(code).toBe(1)
  })

  test.each(['101', '-1', 'all'])('--min-coverage %s is refused', async (percent) => {
    const { stderr, code } = await run([], `--min-coverage=${percent}`)
    expect(stderr).toContain('A whole number from 0 to 100.')
    expect(code).toBe(1)
  })

  test("a team's cases don't cover another team's rule of the same name", async () => {
    const part = {
      grants: [{ role: 'admin', buckets: ['*'] }],
      guardrails: [{ name: 'cors', cors: { anyOrigin: false } }],
    }
    const file = folder.write('two.json', { version: 1, teams: { a: part, b: part } })
    const one = { ...cors('*'), name: 'a only', team: 'a', expect: 'deny', by: 'cors' }
    folder.write('two.test.yaml', { cases: [one] })
    const { stdout } = await policyCommand('test', file, '--json')
    const counts = JSON.parse(stdout).coverage.rules.map(
      ({ rule, decided }: { rule: string; decided: number }) => [rule, decided],
    )
    expect(counts).toContainEqual(['teams.a.guardrails[0]', 1])
    expect(counts).toContainEqual(['teams.b.guardrails[0]', 0])
  })
})
