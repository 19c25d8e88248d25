import type { Env } from '../env.ts'
import type { Lane } from './lane.ts'

/** The lane of that name, wherever it is. */
export function laneNamed({ LANES }: Pick<Env, 'LANES'>, name: string): DurableObjectStub<Lane> {
  return (LANES as DurableObjectNamespace<Lane>).getByName(name)
}
