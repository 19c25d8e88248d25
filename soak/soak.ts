import { setTimeout as sleep } from 'node:timers/promises'
import type { MiniflareOptions } from 'miniflare'
import { checkChains } from './chains.ts'
import { runClient } from './client.ts'
import { type AnswerSeen, compare, type Discrepancy } from './compare.ts'
import { prepareDatabase } from './database.ts'
import { Emulator } from './emulator.ts'
import { Entrance } from './entrance.ts'
import { keepEvidence } from './evidence.ts'
import { Faults } from './faults.ts'
import { type Figures, figuresOf } from './figures.ts'
import { Random } from './random.ts'
import { sentOf } from './sent.ts'
import { Served } from './served.ts'
import { checkSlots } from './slots.ts'
import { readTrail, recordedOf, untilSettled } from './trail.ts'
import { emulatorOptions, wardenOptions } from './workers.ts'

export interface SoakOptions {
  readonly kills: number
  readonly seed: number
  /** Where everything is kept while it runs, and the evidence afterwards. */
  readonly folder: string
  readonly clients?: number
  /** Called after each kill. */
  tell?(progress: Progress): void
}

export interface Progress {
  readonly kills: number
  readonly sent: number
}

export interface Soaked {
  readonly figures: Figures
  readonly discrepancies: readonly Discrepancy[]
}

const CLIENTS = 12
/** How long the warden lives once it can be asked, and how many answers of its clients it lives to see, however slow. */
const LONGEST_LIFE_MS = 2400
const MOST_ANSWERS = 20

/** Kills the warden under a stream of changes, lets it settle what is open, and compares what everybody knows. */
export async function soak({ kills, seed, folder, clients = CLIENTS, tell }: SoakOptions): Promise<Soaked> {
  const random = new Random(seed)
  const faults = new Faults(random.fork())
  const served = await Served.start(await emulatorOptions(folder), folder)
  try {
    const emulator = new Emulator(served.url)
    await emulator.seed()
    const { file, keys } = await prepareDatabase(folder)
    const options = await wardenOptions(folder, served.url)

    const told: AnswerSeen[] = []
    const entrance = new Entrance()
    const running = Array.from({ length: clients }, (_, number) =>
      runClient({ number, key: keys[number % keys.length] ?? '', random: random.fork(), entrance, told }),
    )
    for (let killed = 1; killed <= kills; killed++) {
      await emulator.replaceFaults(faults.draw())
      const [lifeMs, answers] = [random.between(0, LONGEST_LIFE_MS), random.between(0, MOST_ANSWERS)]
      const enough = told.length + answers
      const isLongEnough = () => told.length >= enough
      await liveAndDie({ options, folder, entrance, lifeMs, isLongEnough })
      tell?.({ kills: killed, sent: (await emulator.changes()).length })
    }
    entrance.end()
    await Promise.all(running)

    const settledMs = await settle(options, folder, file)
    const trail = readTrail(file)
    const entries = await emulator.changes()
    const sent = entries.map((entry) => sentOf(entry, faults))
    const recorded = recordedOf(trail)
    const discrepancies = [
      ...compare({ sent, recorded, told }),
      ...checkSlots({ sent, recorded, slots: trail.slots }),
      ...(await checkChains(trail)),
    ]
    if (discrepancies.length > 0) keepEvidence(folder, { seed, discrepancies, entries, trail, told })
    return { figures: figuresOf({ sent, trail, told, settledMs }), discrepancies }
  } finally {
    await served.kill()
  }
}

interface Life {
  readonly options: MiniflareOptions
  readonly folder: string
  readonly entrance: Entrance
  readonly lifeMs: number
  isLongEnough(): boolean
}

async function liveAndDie({ options, folder, entrance, lifeMs, isLongEnough }: Life): Promise<void> {
  const warden = await Served.start(options, folder)
  entrance.open(warden.url)
  await sleep(lifeMs)
  while (!isLongEnough()) await sleep(5)
  entrance.close()
  await warden.kill()
}

/** The warden starts once more, and nobody asks it for anything: what is open is for its alarms to settle. */
async function settle(options: MiniflareOptions, folder: string, file: string): Promise<number> {
  const warden = await Served.start(options, folder)
  try {
    return await untilSettled(file)
  } finally {
    await warden.kill()
  }
}
