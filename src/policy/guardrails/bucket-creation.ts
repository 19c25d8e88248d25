import * as z from 'zod'
import { JURISDICTIONS, LOCATIONS, STORAGE_CLASSES } from '../names.ts'
import { pointerTo } from '../pointer.ts'
import { among, compareOptions } from './compare.ts'
import { kind, optional, optionalList, reading, type Violation } from './guardrail.ts'

const CREATE = 'buckets.create'
const EDIT = 'buckets.edit'
const LIFECYCLE = 'buckets.lifecycle.update'

const asked = z.looseObject({ locationHint: optional(z.string()), storageClass: optional(z.string()) })
const EXPECTED = '{"name": "…", "locationHint": "weur", "storageClass": "Standard"}'

const lifecycle = z.looseObject({
  rules: optionalList(
    z.looseObject({
      enabled: z.boolean(),
      storageClassTransitions: optionalList(z.looseObject({ storageClass: z.string() })),
    }),
  ),
})
const EXPECTED_RULES =
  '{"rules": [{"id": "…", "enabled": true, "conditions": {}, "storageClassTransitions": [{"condition": {"type": "Age", "maxAge": 2592000}, "storageClass": "InfrequentAccess"}]}]}'

/**
 * Where buckets may be created, and as what. The storage class binds whatever could bring objects into another one: its
 * later change, and lifecycle rules that move objects.
 */
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
  ways: { locations: [CREATE], jurisdictions: [CREATE], storageClasses: [CREATE, EDIT, LIFECYCLE] },
  check({ locations, jurisdictions, storageClasses }, { operation, jurisdiction, body }) {
    const refuse = (pointer: string, message: string, value: unknown, allowed: unknown): Violation[] => [
      { pointer, message, value, allowed },
    ]
    const classFault = (storageClass: string, pointer: string): Violation[] =>
      !storageClasses || storageClasses.some((one) => one === storageClass)
        ? []
        : refuse(pointer, `storage class ${storageClass} is not allowed`, storageClass, storageClasses)

    if (operation === LIFECYCLE)
      return reading(lifecycle, body, EXPECTED_RULES, ({ rules }) =>
        rules.flatMap(({ enabled, storageClassTransitions }, index) =>
          storageClassTransitions.flatMap(({ storageClass }, place) =>
            enabled
              ? classFault(
                  storageClass,
                  pointerTo('rules', index, 'storageClassTransitions', place, 'storageClass'),
                )
              : [],
          ),
        ),
      )
    return reading(asked, body, EXPECTED, ({ locationHint, storageClass = 'Standard' }) => {
      const isElsewhere = locations && !locations.some((one) => one === locationHint?.toLowerCase())
      const message =
        locationHint === undefined ? 'a location must be named' : `location ${locationHint} is not allowed`
      return [
        ...classFault(storageClass, '/storageClass'),
        ...(operation === CREATE && isElsewhere
          ? refuse('/locationHint', message, locationHint ?? null, locations)
          : []),
        ...(operation === CREATE && jurisdictions && !jurisdictions.some((one) => one === jurisdiction)
          ? refuse('', `jurisdiction ${jurisdiction} is not allowed`, jurisdiction, jurisdictions)
          : []),
      ]
    })
  },
  compare: (strict, loose) =>
    compareOptions(strict, loose, { locations: among, jurisdictions: among, storageClasses: among }),
  samples: (operation) =>
    operation === LIFECYCLE
      ? [
          { body: { rules: [] } },
          ...STORAGE_CLASSES.map((storageClass) => ({ body: { rules: [movingTo(storageClass)] } })),
        ]
      : [undefined, ...LOCATIONS].flatMap((locationHint) =>
          STORAGE_CLASSES.map((storageClass) => ({
            body: { storageClass, ...(locationHint && { locationHint }) },
          })),
        ),
})

const movingTo = (storageClass: string) => ({
  id: 'move',
  enabled: true,
  conditions: { prefix: '' },
  storageClassTransitions: [{ condition: { type: 'Age', maxAge: 2_592_000 }, storageClass }],
})
