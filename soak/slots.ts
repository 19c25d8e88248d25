import type { Discrepancy, Recorded, SentChange } from './compare.ts'

interface Known {
  readonly sent: readonly SentChange[]
  readonly recorded: readonly Recorded[]
  readonly slots: readonly string[]
}

const CHANGES_SLOTS = /^buckets\.(create|delete) (\S+)$/

/** A team has a slot in use for each bucket that it created and nobody has deleted, and for no other. */
export function checkSlots({ sent, recorded, slots }: Known): Discrepancy[] {
  const there = new Set<string>()
  for (const { identity, carriedOut } of sent) {
    const [, kind, place = ''] = CHANGES_SLOTS.exec(identity) ?? []
    if (!kind || !carriedOut) continue
    if (kind === 'create') there.add(place)
    else there.delete(place)
  }
  // What nobody knows of may keep its slot, since it may be there.
  const inDoubt = recorded
    .filter(({ outcome }) => outcome === 'unknown')
    .map(({ identity }) => CHANGES_SLOTS.exec(identity)?.[2])
  const wrong = (place: string, what: string) =>
    inDoubt.includes(place) ? [] : [{ kind: 'wrong slot' as const, what: `${place} ${what}` }]
  return [
    ...[...there].flatMap((place) => (slots.includes(place) ? [] : wrong(place, 'is there without a slot'))),
    ...slots.flatMap((place) => (there.has(place) ? [] : wrong(place, "has a slot and isn't there"))),
  ]
}
