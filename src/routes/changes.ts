import * as z from 'zod'
import type { Changes, Undo } from './operation.ts'

/** The ways in which operations change a configuration, for their declarations. */

/** Replaces all of it; what was there goes back as it was. Nothing there before means it is removed again. */
export function replaces(reads: string, { update, remove }: { update: string; remove?: string }): Changes {
  return {
    reads,
    isDone: (there, asked) => contains(there, { rules: withRules.safeParse(asked).data?.rules ?? [] }),
    undo: putBack(update, remove),
  }
}

/** Removes all of it. */
export function removes(reads: string, undo: Changes['undo']): Changes {
  return { reads, isDone: (configuration) => configuration === null, undo }
}

/** Puts the rules that were there back. */
export function putBack(update: string, remove?: string): Changes['undo'] {
  return ({ before }): Undo => {
    const rules = withRules.safeParse(before).data?.rules
    if (rules !== undefined) return { operation: update, body: { rules } }
    return before === null && remove !== undefined ? { operation: remove } : unreadable
  }
}

const withRules = z.object({ rules: z.array(z.unknown()) })

export const unreadable: Undo = { impossible: 'What was there before is not on record.' }

/** Whether everything that is asked for is there; of lists, all of it and nothing else. */
export function contains(there: unknown, asked: unknown): boolean {
  if (Array.isArray(asked))
    return (
      Array.isArray(there) &&
      there.length === asked.length &&
      asked.every((item, index) => contains(there[index], item))
    )
  if (typeof asked !== 'object' || asked === null) return there === asked
  return (
    typeof there === 'object' &&
    there !== null &&
    Object.entries(asked).every(([key, item]) => contains(Reflect.get(there, key), item))
  )
}
