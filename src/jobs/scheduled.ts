import type { Env } from '../env.ts'
import { laneNamed } from '../lanes/stub.ts'
import { log } from '../log.ts'
import { findPendingLanes } from '../store/audit.ts'
import { retain } from './retention.ts'

/** A lane settles by itself what is pending; after this long, it is reminded. */
const REMIND_AFTER_MS = 10 * 60_000

/** What is done by the clock: pending changes are settled, old records exported and removed. */
export async function scheduled(controller: ScheduledController, env: Env): Promise<void> {
  await remindLanes(env, controller.scheduledTime)
  await retain(env, controller.scheduledTime)
}

async function remindLanes(env: Env, now: number): Promise<void> {
  for (const lane of await findPendingLanes(env.DB, now - REMIND_AFTER_MS)) {
    await laneNamed(env, lane)
      .reconcile(lane)
      .catch((error: unknown) => log('warn', 'a change is not settled yet', { lane, error: String(error) }))
  }
}
