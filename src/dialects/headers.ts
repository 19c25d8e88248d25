import type { Warning } from './dialect.ts'

/** On every answer, in every dialect. */
export function headersOf(requestId: string): Record<string, string> {
  return { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'x-request-id': requestId }
}

/** What guardrails in mode `warn` found: a JSON array in ASCII, at most as long as a header may well be. */
export const WARNINGS_HEADER = 'x-warden-warnings'
const MAX_HEADER_LENGTH = 4096

export function headerJson(warnings: readonly Warning[]): string {
  const full = asciiJson(warnings)
  if (full.length <= MAX_HEADER_LENGTH) return full
  const brief = warnings.map(({ guardrail, pointer, message }) => ({
    guardrail,
    pointer,
    message: message.slice(0, 200),
  }))
  while (asciiJson(brief).length > MAX_HEADER_LENGTH) brief.pop()
  return asciiJson(brief)
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[^\x20-\x7e]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
