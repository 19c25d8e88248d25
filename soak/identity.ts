/** A mark: a part of a rule's id, a prefix or a host name that no other change of a run has. */
export const markOf = (client: number, number: number) => `mark-${client}-${number}`

const MARK = /mark-\d+-\d+/g

export interface Identifying {
  readonly operation: string
  readonly jurisdiction: string
  readonly bucket: string
  /** Everything else that was said: the body, the domain in the path. */
  readonly said: string
}

/**
 * What tells one change from all others of a run, whoever speaks of it: the client that asked for it, the audit
 * trail, the emulator's log. What has no place for a mark is done once to a bucket at most.
 */
export function identityOf({ operation, jurisdiction, bucket, said }: Identifying): string {
  const marks = [...new Set(said.match(MARK))].sort()
  return [operation, `${jurisdiction}/${bucket}`, ...marks].join(' ')
}
