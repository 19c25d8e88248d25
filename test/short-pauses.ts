/**
 * The warden's short pauses, between two attempts or while it gathers questions, are a fiftieth as long in tests. What
 * gives up after seconds waits as long as ever, so that nothing is given up for being slow.
 */

export const LONGEST_PAUSE_MS = 2_000
const SHORTER = 50

const real = globalThis.setTimeout

export function shortenPauses(): void {
  const shorter = (ms = 0) => (ms < LONGEST_PAUSE_MS ? ms / SHORTER : ms)
  const timeout = (work: (...given: unknown[]) => void, ms?: number, ...given: unknown[]) =>
    real(work, shorter(ms), ...given)
  globalThis.setTimeout = Object.assign(timeout, real)
}
