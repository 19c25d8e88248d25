import type * as z from 'zod'

/** Marks a value that has another shape. */
export const MISSHAPEN = Symbol('misshapen')

/** Gives a value of upstream's the shape that v1 shows, or says that it has another. */
export type Shape = (value: unknown) => unknown

/** What is used here of zod's own description of a schema. */
interface Def {
  readonly type: string
  readonly checks?: readonly unknown[]
  /** Of a schema that is a check by itself, such as a date or a whole number. */
  readonly check?: string
  readonly coerce?: boolean
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly catchall?: z.ZodType
  readonly element?: z.ZodType
  readonly innerType?: z.ZodType
  readonly defaultValue?: unknown
  readonly in?: z.ZodType
  readonly out?: z.ZodType
  readonly transform?: (value: unknown, context: unknown) => unknown
}

/**
 * The shape of a result as a function, made from its schema once: zod walks its schema for each value, and may not make
 * code of it in a Worker. It does what `safeParse` does for the kinds of schemas that results are declared with; one of
 * another kind is left to zod. That both agree is a property that is tested.
 */
export function shapeOf(schema: z.ZodType): Shape {
  const def: Def = schema.def
  if (isPlain(def)) {
    if (def.type === 'string' || def.type === 'boolean') return ofType(def.type)
    if (def.type === 'number') return (value) => (Number.isFinite(value) ? value : MISSHAPEN)
    if (def.type === 'unknown') return (value) => value
    if (def.type === 'array' && def.element) return arrayOf(shapeOf(def.element))
    if (def.type === 'object' && def.shape && !def.catchall) return objectOf(def.shape)
    if (def.type === 'nullable' && def.innerType) return nullable(shapeOf(def.innerType))
    if (def.type === 'default' && def.innerType) return withDefault(shapeOf(def.innerType), def)
    if (def.type === 'pipe' && def.in && def.out) {
      const { transform }: Def = def.in.def
      if (transform && transform.length <= 1) return preprocessed(transform, shapeOf(def.out))
    }
  }
  return (value) => {
    const parsed = schema.safeParse(value)
    return parsed.success ? parsed.data : MISSHAPEN
  }
}

/** Without a check of its own, and taking nothing for what it isn't. */
const isPlain = ({ checks = [], check, coerce = false }: Def) =>
  checks.length === 0 && check === undefined && !coerce

const ofType =
  (type: 'string' | 'boolean'): Shape =>
  (value) =>
    typeof value === type ? value : MISSHAPEN

const nullable =
  (inner: Shape): Shape =>
  (value) =>
    value === null ? null : inner(value)

const withDefault =
  (inner: Shape, def: Def): Shape =>
  (value) =>
    value === undefined ? def.defaultValue : inner(value)

const preprocessed =
  (transform: NonNullable<Def['transform']>, inner: Shape): Shape =>
  (value) =>
    inner(transform(value, undefined))

function arrayOf(element: Shape): Shape {
  return (value) => {
    if (!Array.isArray(value)) return MISSHAPEN
    const shaped = new Array<unknown>(value.length)
    for (let index = 0; index < value.length; index++) {
      const item = element(value[index])
      if (item === MISSHAPEN) return MISSHAPEN
      shaped[index] = item
    }
    return shaped
  }
}

/** Fields that aren't declared are dropped; one that may be absent is absent in what is shaped too. */
function objectOf(shape: NonNullable<Def['shape']>): Shape {
  const fields = Object.entries(shape).map(([name, schema]) => {
    const def: Def = schema.def
    const mayBeAbsent = def.type === 'optional' && def.innerType !== undefined && isPlain(def)
    return { name, mayBeAbsent, shape: shapeOf(mayBeAbsent && def.innerType ? def.innerType : schema) }
  })
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return MISSHAPEN
    const given = value as Record<string, unknown>
    const shaped: Record<string, unknown> = {}
    for (const { name, mayBeAbsent, shape } of fields) {
      if (mayBeAbsent && !(name in given)) continue
      const item = shape(given[name])
      if (item === MISSHAPEN) return MISSHAPEN
      if (item !== undefined || name in given) shaped[name] = item
    }
    return shaped
  }
}
