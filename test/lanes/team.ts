import { env } from 'cloudflare:workers'
import { applyPolicy, call, createKey, everything } from '../harness.ts'

/** Teams of the lane tests: each has lanes and slots of its own, so that no test meets what another left. */

let count = 0

export interface Team {
  readonly name: string
  readonly key: string
}

/** Teams that may do everything, each with its limits, under one policy. */
async function put(limits: Readonly<Record<string, number | null>>): Promise<void> {
  const parts = Object.entries(limits).map(([name, buckets]) => [
    name,
    { grants: [everything], ...(buckets !== null && { limits: { buckets } }) },
  ])
  await applyPolicy({ teams: Object.fromEntries(parts) })
}

const freshTeam = () => `crew-${++count}`

/** A team with a limit of so many buckets; `null` for any number. A name that is given is that of a team of before. */
export async function teamWith(buckets: number | null = null, name = freshTeam()): Promise<Team> {
  await put({ [name]: buckets })
  return { name, key: await createKey(name) }
}

/** Two teams with a limit each. */
export async function twoTeamsWith(buckets: number | null, others: number | null): Promise<[Team, Team]> {
  const [one, other] = [freshTeam(), freshTeam()]
  await put({ [one]: buckets, [other]: others })
  return [
    { name: one, key: await createKey(one) },
    { name: other, key: await createKey(other) },
  ]
}

let bucketCount = 0

/** A name that no bucket has yet. */
export const freshName = () => `crew-bucket-${++bucketCount}`

interface Where {
  readonly query?: string
  readonly headers?: Record<string, string>
}

export function create(
  { key }: Team,
  name: string,
  { query = '', headers = {} }: Where = {},
): Promise<Response> {
  return call(`/v1/buckets${query}`, { key, method: 'POST', body: { name }, headers })
}

export function remove(
  { key }: Team,
  name: string,
  { query = '', headers = {} }: Where = {},
): Promise<Response> {
  return call(`/v1/buckets/${name}${query}`, { key, method: 'DELETE', headers })
}

/** The buckets that a team has slots for, as `jurisdiction/name`. */
export async function slotsOf({ name }: Team): Promise<string[]> {
  const query = `SELECT jurisdiction || '/' || bucket AS slot FROM bucket_slots WHERE team = ?1 ORDER BY slot`
  const { results } = await env.DB.prepare(query).bind(name).all<{ slot: string }>()
  return results.map(({ slot }) => slot)
}
