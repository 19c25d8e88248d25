import { expect, test } from 'vitest'
import { EXAMPLE, policyCommand } from './policy-run.ts'

test('the example policy does what its cases promise, and they show every rule of it', async () => {
  const { stdout, code } = await policyCommand('test', EXAMPLE, '--min-coverage', '100', '--json')
  const { failed, cases, coverage } = JSON.parse(stdout)
  expect(cases.filter(({ passed }: { passed: boolean }) => !passed)).toEqual([])
  expect(failed).toBe(0)
  expect(coverage.rules.filter(({ lacks }: { lacks: string | null }) => lacks !== null)).toEqual([])
  expect(coverage.percent).toBe(100)
  expect(code).toBe(0)
})
