import { expect, test } from 'vitest'
import { withoutEchoes } from '../../src/upstream/scrub.ts'

/** To look for echoes takes time in proportion to the answer, whatever that is full of. Under Node, which counts it. */

const [LONG, TIMES] = [48_000, 2]

test.each(['\\', '\\"', '"\\', '%', '%25', '%5c', '\\u005c', 'ab'])(
  'an answer full of %s takes as long as eight of an eighth of its length',
  (unit) => {
    const secrets = [`${unit.repeat(100)}abcdefgh`, unit.repeat(500), `abcdefgh${unit.repeat(100)}`]
    const spentOn = (length: number, times: number) => {
      const text = JSON.stringify({ said: `${unit.repeat(length)} abcdefgh` })
      return leastSpent(() => {
        for (let time = 0; time < times; time += 1) withoutEchoes(secrets, text)
      })
    }
    spentOn(LONG / 8, 8 * TIMES) // compiled by then
    // Were it by the square of its length, it would take eight times as long.
    expect(spentOn(LONG, TIMES) / spentOn(LONG / 8, 8 * TIMES)).toBeLessThan(3)
  },
)

/** Processor time, in which nothing counts that runs meanwhile. */
function leastSpent(work: () => void): number {
  const spent = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    return user + system
  })
  return Math.min(...spent)
}
