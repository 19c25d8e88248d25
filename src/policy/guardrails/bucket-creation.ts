import * as z from 'zod'
import { JURISDICTIONS, LOCATIONS, STORAGE_CLASSES } from '../names.ts'
import { among, compareOptions } from './compare.ts'
import { kind, reading, type Violation } from './guardrail.ts'

const asked = z.looseObject({
  locationHint: z.string().optional(),
  storageClass: z.string().default('Standard'),
})

/** Where buckets may be created, and as what. The storage class binds its later change too. */
export const bucketCreation = kind({
  options: z
    .strictObject({
      locations: z.array(z.enum(LOCATIONS)).min(1).exactOptional(),
      jurisdictions: z.array(z.enum(JURISDICTIONS)).min(1).exactOptional(),
      storageClasses: z.array(z.enum(STORAGE_CLASSES)).min(1).exactOptional(),
    })
    .refine(
      (options) => Object.keys(options).length > 0,
      'says nothing: name locations, jurisdictions or storageClasses',
    ),
  operations: ['buckets.create', 'buckets.edit'],
  check: ({ locations, jurisdictions, storageClasses }, { operation, jurisdiction, body }) =>
    reading(asked, body, ({ locationHint, storageClass }) => {
      const violations: Violation[] = []
      const refuse = (pointer: string, message: string, value: unknown, allowed: unknown) =>
        violations.push({ pointer, message, value, allowed })
      if (storageClasses && !storageClasses.some((one) => one === storageClass))
        refuse('/storageClass', `storage class ${storageClass} is not allowed`, storageClass, storageClasses)
      if (operation !== 'buckets.create') return violations
      if (locations && !locations.some((one) => one === locationHint)) {
        const message =
          locationHint === undefined ? 'a location must be named' : `location ${locationHint} is not allowed`
        refuse('/locationHint', message, locationHint ?? null, locations)
      }
      if (jurisdictions && !jurisdictions.some((one) => one === jurisdiction))
        refuse('', `jurisdiction ${jurisdiction} is not allowed`, jurisdiction, jurisdictions)
      return violations
    }),
  compare: (strict, loose) =>
    compareOptions(strict, loose, { locations: among, jurisdictions: among, storageClasses: among }),
  samples: () =>
    [undefined, ...LOCATIONS].flatMap((locationHint) =>
      STORAGE_CLASSES.map((storageClass) => ({
        body: { storageClass, ...(locationHint && { locationHint }) },
      })),
    ),
})
