import { expect } from 'vitest'
import { call, emulator } from '../harness.ts'

/** The tools of the listing's tests. */

export interface Page {
  readonly names: readonly string[]
  readonly nextCursor: string | null
}

export type Query = Readonly<Record<string, string | number>>

export async function page(key: string, query: Query = {}): Promise<Page> {
  const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))
  const response = await call(`/v1/buckets?${parameters}`, { key })
  expect(response.status).toBe(200)
  const { buckets, nextCursor } = await response.json<{
    buckets: { name: string }[]
    nextCursor: string | null
  }>()
  return { names: buckets.map(({ name }) => name), nextCursor }
}

/** All pages, one after the other. */
export async function pages(key: string, query: Query = {}): Promise<Page[]> {
  const found = [await page(key, query)]
  for (;;) {
    const cursor = found.at(-1)?.nextCursor ?? null
    if (cursor === null) return found
    found.push(await page(key, { ...query, cursor }))
  }
}

export async function allNames(key: string, query: Query = {}): Promise<string[]> {
  return (await pages(key, query)).flatMap(({ names }) => names)
}

/** Puts buckets into jurisdiction `us`, where the emulator starts without any. */
export const seedUs = (...names: string[]) =>
  emulator.seed({ buckets: names.map((name) => ({ name, jurisdiction: 'us' })) })

export const us = { jurisdiction: 'us' }
export const inUs = (...buckets: string[]) => ({ role: 'viewer', buckets, jurisdictions: ['us'] })

/** How many calls a listing made, and to what. */
export async function callsOf(listing: () => Promise<unknown>): Promise<string[]> {
  const before = (await emulator.received()).length
  await listing()
  return (await emulator.received()).slice(before).map(({ operation }) => operation ?? 'unknown')
}
