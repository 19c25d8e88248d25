import { Command, InvalidArgumentError } from 'commander'
import { rows } from './rows/index.ts'
import type { Options } from './rows/row.ts'

/** Reads the command line. A wrong flag ends the run with what is wrong and what there is. */
export function readOptions(): Options {
  const names = Object.keys(rows)
  const program = new Command('npm run bench --')
    .description(
      'Measures the warden side by side with what it is compared to, on this machine, on loopback only',
    )
    .option('--rounds <n>', 'rounds per row; each measures both sides, in turn first', count(1, 101), 9)
    .option('--seconds <n>', 'seconds per side and round', seconds, 2)
    .option('--rows <names>', `which rows, with commas: ${names.join(', ')}`, chosen(names), names)
    .option('--teams <n>', 'teams in the large store', count(1000, 100_000), 100_000)
    .option('--keys <n>', 'keys in the large store', count(10_000, 1_000_000), 1_000_000)
    .option('--json', 'print the figures as JSON, every round included', false)
    .allowExcessArguments(false)
    .showHelpAfterError('(--help shows what there is)')
  return program.parse().opts()
}

function count(min: number, max: number) {
  return (text: string): number => {
    const number = Number(text)
    if (!/^\d+$/.test(text) || number < min || number > max)
      throw new InvalidArgumentError(`It takes a whole number from ${min} to ${max}.`)
    return number
  }
}

function seconds(text: string): number {
  const number = Number(text)
  if (!/^\d+(\.\d+)?$/.test(text) || number < 0.2 || number > 60)
    throw new InvalidArgumentError('It takes seconds from 0.2 to 60.')
  return number
}

function chosen(names: readonly string[]) {
  return (text: string): string[] => {
    const wanted = text.split(',')
    const unknown = wanted.find((name) => !names.includes(name))
    if (unknown !== undefined) throw new InvalidArgumentError(`There is no row ${JSON.stringify(unknown)}.`)
    return wanted
  }
}
