import { env } from 'cloudflare:workers'
import type { Lane } from '../src/lanes/lane.ts'

/**
 * The lanes that anybody has asked for in this file of tests. A list of all that there are has those of the files
 * before it, too: they are empty, but there.
 */
const asked = new Set<string>()

const namespace: DurableObjectNamespace<Lane> = Object.getPrototypeOf(env.LANES)
const { getByName } = namespace
namespace.getByName = function (name, options) {
  asked.add(name)
  return getByName.call(this, name, options)
}

export const lanesAsked = (): readonly string[] => [...asked]

export function forgetLanesAsked(): void {
  asked.clear()
}
