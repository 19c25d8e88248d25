import type { YAMLError } from 'yaml'

/** What is wrong with the YAML, in the words of this tool where the parser's need knowing the standard. */
export function mistakeInYaml({ code, message, pos }: YAMLError, text: string): string {
  const [start, end] = pos
  switch (code) {
    case 'DUPLICATE_KEY':
      return `the key ${wordAt(text, start)} stands twice in one map`
    case 'MULTIPLE_DOCS':
      return 'a second document begins here; a file holds one'
    case 'TAB_AS_INDENT':
      return 'a tab cannot indent YAML; use spaces'
    case 'BAD_ALIAS':
      return `${text.slice(start, end).trim() || '*'} without quotes is an alias in YAML; write "*"`
    case 'RESOURCE_EXHAUSTION':
      return 'it is nested too deeply'
    case 'TAG_RESOLVE_FAILED':
      return `${message}; tags mean nothing here`
    default:
      return message
  }
}

function wordAt(text: string, start: number): string {
  const [word] = /^("[^"\n]*"|'[^'\n]*'|[^\s:,{}[\]]+)/.exec(text.slice(start)) ?? []
  return word === undefined ? 'here' : JSON.stringify(word.replaceAll(/^["']|["']$/g, ''))
}
