import picocolors from 'picocolors'

/** Where a command speaks: its result, remarks beside it, and the code it exits with. */
export interface Output {
  readonly colors: ReturnType<typeof picocolors.createColors>
  /** The result; a script may read it. */
  print(text: string): void
  /** A remark for whoever watches, which no script reads. */
  remark(text: string): void
  exit(code: number): void
}

/** Colours are for a terminal that has them: Node asks NO_COLOR, FORCE_COLOR and TERM. A pipe gets none. */
export function colorsFor(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'hasColors'>) {
  return picocolors.createColors(stream.isTTY === true && stream.hasColors())
}

export const NO_COLORS = picocolors.createColors(false)

export const standardOutput: Output = {
  colors: colorsFor(process.stdout),
  print: (text) => console.log(text),
  remark: (text) => console.error(text),
  exit(code) {
    process.exitCode = code
  },
}

export function printJson(output: Output, value: unknown): void {
  output.print(JSON.stringify(value, null, 2))
}
