import * as z from 'zod'

const MAX = 1000

/** How much a page has, as it stands in a query. */
export const perPage = (usual: number) =>
  z
    .string()
    .regex(/^[0-9]{1,4}$/, `a whole number from 1 to ${MAX}`)
    .transform(Number)
    .pipe(z.int().min(1).max(MAX))
    .default(usual)

/** The same for v1, with what the documentation says of it. */
export const describedPerPage = (what: string) =>
  perPage(100).meta({
    description: `${what} per page, 1 to ${MAX}`,
    override: { type: 'integer', minimum: 1, maximum: MAX },
  })
