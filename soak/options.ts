import { Command, InvalidArgumentError } from 'commander'

export interface Options {
  readonly kills: number
  readonly seed: number
}

const MOST_KILLS = 100_000
const LARGEST_SEED = 2 ** 32 - 1

/** Reads the command line. A wrong flag ends the run with what is wrong and what there is. */
export function readOptions(): Options {
  const program = new Command('npm run soak --')
    .description(
      'Kills the warden at random moments under a stream of changes, starts it again each time, and compares ' +
        'what reached the emulator with the audit trail. Exits with 1 on any discrepancy.',
    )
    .option('--kills <n>', 'how often to kill it', wholeNumber(1, MOST_KILLS), 200)
    .option(
      '--seed <n>',
      'what the randomness starts from; a new one unless given',
      wholeNumber(0, LARGEST_SEED),
    )
    .addHelpText('after', '\nThe tests have a long form, too: WARDEN_ROUNDS=500 npm test (60 unless given).')
    .allowExcessArguments(false)
    .showHelpAfterError('(--help shows what there is)')
  const { kills, seed } = program.parse().opts<{ kills: number; seed?: number }>()
  return { kills, seed: seed ?? Math.floor(Math.random() * LARGEST_SEED) }
}

function wholeNumber(min: number, max: number) {
  return (text: string): number => {
    const number = Number(text)
    if (!/^\d{1,10}$/.test(text) || number < min || number > max)
      throw new InvalidArgumentError(`It takes a whole number from ${min} to ${max}.`)
    return number
  }
}
