import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Folder, policyCommand } from './policy-run.ts'

/** Every example of docs/policy.md, run: each policy block with the cases block behind it. */
const guide = readFileSync(path.join(import.meta.dirname, '../../../docs/policy.md'), 'utf8')
const FENCES = /^#+ (?<title>.+)$|^```yaml (?<kind>policy|cases)\n(?<text>[\s\S]*?)^```$/gm

interface Example {
  readonly title: string
  readonly policy: string
  readonly cases: string
}

function examplesOf(markdown: string): Example[] {
  const examples: Example[] = []
  let title = ''
  let policy = ''
  for (const { groups = {} } of markdown.matchAll(FENCES)) {
    if (groups.title) title = groups.title
    if (groups.kind === 'policy') policy = groups.text ?? ''
    if (groups.kind === 'cases') examples.push({ title, policy, cases: groups.text ?? '' })
  }
  return examples
}

const examples = examplesOf(guide)

test('the guide has an example for grants, deny rules, each kind of guardrail, what is closed by default and limits', () => {
  expect(examples).toHaveLength(12)
})

const folder = new Folder()
afterAll(() => folder.remove())

describe.each(examples)('$title', ({ policy, cases }) => {
  test('is a policy without errors', async () => {
    expect(await policyCommand('check', folder.write('policy.yaml', policy))).toMatchObject({ code: 0 })
  })

  test('decides every case, one to a line, as the guide says', async () => {
    const files = [folder.write('policy.yaml', policy), '--cases', folder.write('cases.yaml', cases)]
    const { code, stdout } = await policyCommand('test', ...files)
    expect(code, stdout).toBe(0)
    expect(stdout).toContain(`${cases.match(/^ {2}- \{/gm)?.length} passed`)
  })
})
