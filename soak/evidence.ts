import { writeFileSync } from 'node:fs'
import path from 'node:path'

/** Keeps what a discrepancy was found in, one JSON file each. */
export function keepEvidence(folder: string, evidence: Readonly<Record<string, unknown>>): void {
  for (const [name, content] of Object.entries(evidence))
    writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(content, null, 2))
}
