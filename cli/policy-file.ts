import { readFileSync } from 'node:fs'
import { isNode, LineCounter, parseDocument } from 'yaml'
import { issuesOf } from '../src/issues.ts'
import { type PolicyDocument, policyDocument } from '../src/policy/document.ts'
import { permissionNames } from '../src/routes/index.ts'
import { Failure } from './report.ts'

export type ReadPolicy =
  | { readonly document: PolicyDocument; readonly problems: null }
  | { readonly document: null; readonly problems: readonly string[] }

/** Reads and checks a policy document. Each problem says where: `file:line:column: message`. */
export function readPolicyFile(file: string): ReadPolicy {
  return parsePolicy(file, readText(file))
}

function parsePolicy(file: string, text: string): ReadPolicy {
  const lines = new LineCounter()
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  // JSON is YAML, so one parser reads both. Keys that stand twice are errors of its own.
  const yaml = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false })
  const broken = [...yaml.errors, ...yaml.warnings]
  if (broken.length > 0)
    return { document: null, problems: broken.map(({ pos, message }) => `${at(pos[0])}: ${message}`) }

  const parsed = policyDocument(permissionNames).safeParse(yaml.toJS({ maxAliasCount: 100 }))
  if (parsed.success) return { document: parsed.data, problems: null }
  const problems = issuesOf('body', parsed.error.issues).map(({ pointer, message }) => {
    const path = pointer.split('/').slice(1)
    return `${at(offsetOf(yaml, path))}: ${path.join('.') || 'document'}: ${message}`
  })
  return { document: null, problems }
}

/** Where a value stands; where the document lacks it, where the nearest thing around it stands. */
function offsetOf(yaml: ReturnType<typeof parseDocument>, path: readonly string[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = yaml.getIn(
      path.slice(0, length).map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
      true,
    )
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
