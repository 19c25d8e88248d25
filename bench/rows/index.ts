import { bundle } from './bundle.ts'
import { firstAnswer } from './first-answer.ts'
import { latency } from './latency.ts'
import { reads } from './reads.ts'
import type { Row } from './row.ts'
import { stored } from './stored.ts'

/** The rows by name, in the order of the report. */
export const rows: Readonly<Record<string, Row>> = {
  reads,
  latency,
  bundle,
  'first-answer': firstAnswer,
  stored,
}
