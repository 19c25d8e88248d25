import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml'
import { mistakeInYaml } from './yaml-mistakes.ts'

export type Path = readonly PropertyKey[]

/** Something wrong in a text, and where. */
export interface Problem {
  /** What the text is called: where it was read from. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** Dotted, such as `teams.media.grants.0.role`; `document` is the whole. */
  readonly path: string
  readonly message: string
  /** What would be right, where it can be said. */
  readonly hint: string | null
}

/** A text that was read: its value, and where each part of it stands. */
export interface Source {
  readonly file: string
  readonly value: unknown
  problem(path: Path, message: string, hint?: string | null): Problem
}

export type Read =
  | { readonly source: Source; readonly problems: null }
  | { readonly source: null; readonly problems: readonly Problem[] }

/** More aliases than anybody writes by hand: an attack on whoever follows them. */
const MAX_ALIASES = 100

/** Reads YAML, which JSON is too. Keys that stand twice, aliases that multiply and whatever breaks are problems. */
export function readSource(file: string, text: string): Read {
  const lines = new LineCounter()
  const at = (offset: number, path: string, message: string, hint: string | null = null): Problem => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), path, message, hint }
  }
  const broken = (...problems: Problem[]) => ({ source: null, problems })
  try {
    const yaml = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false })
    const mistakes = [...yaml.errors, ...yaml.warnings]
    if (mistakes.length > 0)
      return broken(...mistakes.map((one) => at(one.pos[0], 'document', mistakeInYaml(one, text))))
    const [lost] = aliasesWithoutAnchor(yaml)
    if (lost) {
      const message = `${lost.text} without quotes is an alias in YAML, and there is no anchor of that name`
      return broken(at(lost.offset, 'document', message, `write "${lost.text}"`))
    }
    const value: unknown = yaml.toJS({ maxAliasCount: MAX_ALIASES })
    const problem = (path: Path, message: string, hint: string | null = null) =>
      at(offsetOf(yaml, path), path.map(String).join('.') || 'document', message, hint)
    return { source: { file, value, problem }, problems: null }
  } catch (error) {
    if (error instanceof ReferenceError) return broken(at(0, 'document', 'its aliases multiply too far'))
    if (error instanceof RangeError) return broken(at(0, 'document', 'it is nested too deeply'))
    throw error
  }
}

function aliasesWithoutAnchor(yaml: Document.Parsed) {
  const anchors = new Set<string>()
  const lost: { text: string; offset: number }[] = []
  visit(yaml, {
    Node(_key, node) {
      if (isAlias(node)) {
        if (!anchors.has(node.source)) lost.push({ text: `*${node.source}`, offset: node.range?.[0] ?? 0 })
      } else if (node.anchor !== undefined) anchors.add(node.anchor)
    },
  })
  return lost
}

/** Where a value stands; where the document lacks it, where the nearest thing around it stands. */
function offsetOf(yaml: Document.Parsed, path: Path): number {
  let offset = 0
  let node: unknown = yaml.contents
  for (const part of [null, ...path]) {
    if (part !== null) node = childOf(isAlias(node) ? node.resolve(yaml) : node, String(part))
    if (!isNode(node)) break
    offset = node.range?.[0] ?? offset
  }
  return offset
}

function childOf(node: unknown, part: string): unknown {
  if (!isCollection(node)) return null
  if (!isMap(node)) return node.items[Number(part)]
  const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === part)
  return pair?.value ?? pair?.key
}
