import * as z from 'zod'
import type { Ran } from '../../node/run.ts'
import { receivedAbout, type Sent, stateOf } from '../running.ts'
import { type Step, script } from './script.ts'
import type { Session } from './wrangler.ts'

export interface Performed {
  readonly step: Step
  readonly ran: Ran
  readonly state: unknown
  /** What reached the emulator for it. */
  readonly sent: readonly Sent[]
}

const notifications = z.object({
  queues: z.array(z.object({ rules: z.array(z.object({ ruleId: z.string() })) })),
})

/** Puts names in the place of the words that stand for them. */
export const named = (text: string, bucket: string, rule = '') =>
  text.replaceAll('BUCKET', bucket).replaceAll('RULE', rule)

/** Runs all of the script, one command after the other, and looks at the emulator after each. */
export async function performScript(session: Session, bucket: string): Promise<Performed[]> {
  const performed: Performed[] = []
  for (const step of script) {
    const before = await receivedAbout(bucket)
    const rule = step.command.includes('RULE') ? await firstRuleOf(bucket) : ''
    const ran = await session.run(`r2 ${named(step.command, bucket, rule)}`)
    const { at, place } = step.leaves ?? {}
    const state = at === undefined ? null : await stateOf(named(at, bucket), place)
    performed.push({ step, ran, state, sent: (await receivedAbout(bucket)).slice(before.length) })
  }
  return performed
}

export async function firstRuleOf(bucket: string): Promise<string> {
  const found = notifications.parse(await stateOf(`/event_notifications/r2/${bucket}/configuration`))
  return found.queues[0]?.rules[0]?.ruleId ?? ''
}

export const printed = (performed: { readonly ran: Ran } | undefined) =>
  performed ? performed.ran.stdout + performed.ran.stderr : ''
