import * as z from 'zod'

const count = (max: number, usual: number) =>
  z
    .string()
    .regex(/^[1-9][0-9]{0,5}$/, 'a whole number from 1 on')
    .transform(Number)
    .pipe(z.int().max(max))
    .default(usual)

/** Which page of a list, as Cloudflare's clients ask for it. */
export const pageQuery = (usual: number) =>
  z.object({ page: count(999_999, 1), per_page: count(1000, usual) })
