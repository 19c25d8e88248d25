import * as z from 'zod'

/** Refuses a second rule of one id: upstream would keep the last, and the caller wouldn't know which. */
export function rulesWithUniqueIds<T extends z.ZodType<{ id?: string }>>(rule: T, max: number) {
  return z
    .array(rule)
    .max(max)
    .superRefine((rules, context) => {
      const seen = new Set<string>()
      for (const [index, { id }] of rules.entries()) {
        if (id !== undefined && seen.has(id))
          context.addIssue({
            code: 'custom',
            path: [index, 'id'],
            message: `a second rule has the id ${JSON.stringify(id)}`,
          })
        if (id !== undefined) seen.add(id)
      }
    })
}

export const ruleId = z.string().min(1).max(255)

/** Seconds or days are plain integers upstream; a number beyond 2^53 would not survive the way. */
export const wholeNumber = z.int().nonnegative()

/** An instant as RFC 3339 has it, in UTC or with an offset; passed on as it was written. */
export const instant = z.iso.datetime({ offset: true })
