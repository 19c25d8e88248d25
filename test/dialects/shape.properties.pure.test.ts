import fc from 'fast-check'
import { expect, test } from 'vitest'
import type * as z from 'zod'
import { MISSHAPEN, shapeOf } from '../../src/dialects/v1/shape.ts'
import { everyOperation } from '../../src/routes/index.ts'

/** What is shaped by code made from a schema is what the schema itself makes of it. */

const results = everyOperation.flatMap(({ name, result }) => (result ? [{ name, result }] : []))

/** Names that schemas know, so that what is generated comes near to what they take. */
const names = [
  ...new Set(JSON.stringify(results.map(({ result }) => fieldsOf(result))).match(/[A-Za-z_]+/g) ?? []),
  'creation_date',
  'storage_class',
]

function fieldsOf(schema: z.ZodType, depth = 6): unknown {
  const { shape, element, innerType, out } = schema.def as {
    shape?: Record<string, z.ZodType>
    element?: z.ZodType
    innerType?: z.ZodType
    out?: z.ZodType
  }
  if (depth === 0) return null
  if (shape) return Object.entries(shape).map(([name, inner]) => [name, fieldsOf(inner, depth - 1)])
  const inner = element ?? innerType ?? out
  return inner ? fieldsOf(inner, depth - 1) : null
}

/** Any value, and values that lean towards a schema: most of them are taken, or miss by one field. */
function valueFor(schema: z.ZodType, depth = 6): fc.Arbitrary<unknown> {
  const def = schema.def as {
    type: string
    shape?: Record<string, z.ZodType>
    element?: z.ZodType
    innerType?: z.ZodType
    out?: z.ZodType
  }
  const odd = fc.constantFrom<unknown>(null, undefined, 0, '', 'text', true, [], {}, Number.NaN, { x: 1 })
  if (depth === 0) return odd
  const inner = def.element ?? def.innerType ?? def.out
  const fitting: fc.Arbitrary<unknown> =
    def.type === 'object' && def.shape
      ? fc
          .record(
            Object.fromEntries(
              Object.entries(def.shape).map(([name, one]) => [name, valueFor(one, depth - 1)]),
            ),
            { requiredKeys: [] },
          )
          .chain((made) => fc.constantFrom(made, { ...made, unknown: 1 }))
      : def.type === 'array' && inner
        ? fc.array(valueFor(inner, depth - 1), { maxLength: 3 })
        : def.type === 'string'
          ? fc.string({ maxLength: 5 })
          : def.type === 'number'
            ? fc.integer()
            : def.type === 'boolean'
              ? fc.boolean()
              : inner
                ? valueFor(inner, depth - 1)
                : odd
  return fc.oneof({ weight: 20, arbitrary: fitting }, { weight: 1, arbitrary: odd })
}

const anything = fc.object({ key: fc.constantFrom(...names), maxDepth: 3, maxKeys: 5 })

test.each(results)('$name', ({ result }) => {
  const shape = shapeOf(result)
  fc.assert(
    fc.property(fc.oneof({ weight: 3, arbitrary: valueFor(result) }, anything), (value) => {
      const parsed = result.safeParse(value)
      expect(shape(value)).toEqual(parsed.success ? parsed.data : MISSHAPEN)
      if (parsed.success) expect(JSON.stringify(shape(value))).toBe(JSON.stringify(parsed.data))
    }),
    { numRuns: 200 },
  )
})
