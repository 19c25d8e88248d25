/** One line of JSON per event. Callers pass what they name, never a whole request, header or body. */
export function log(
  level: 'info' | 'warn' | 'error',
  event: string,
  fields: Readonly<Record<string, unknown>>,
): void {
  console[level](JSON.stringify({ level, event, ...fields }))
}
