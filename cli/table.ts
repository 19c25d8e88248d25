import { stripVTControlCharacters } from 'node:util'

const BETWEEN = '  '

/** Rows in columns as wide as they must be, without lines, so that it can be piped on as well as read. */
export function table(rows: readonly (readonly string[])[], indent = ''): string {
  const widths: number[] = []
  for (const row of rows)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell))
  return rows
    .map((row) => row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell))))
    .map((cells) => (indent + cells.join(BETWEEN)).trimEnd())
    .join('\n')
}

/** On the screen: colours take no room. */
const widthOf = (cell: string) => stripVTControlCharacters(cell).length
