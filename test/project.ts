import { PATIENCE_MS } from './patience.ts'

/** What holds for all projects of tests. */
export const shared = {
  isolate: false, // to start a process or a runtime takes longer than most files
  maxWorkers: 3, // of two cores, since each of them often waits
  testTimeout: PATIENCE_MS,
  hookTimeout: PATIENCE_MS,
} as const
