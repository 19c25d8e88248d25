/**
 * Nothing passes or fails by the clock: what takes seconds on a quiet machine may take minutes on a busy one.
 * A test that is still waiting after this long waits for what never comes.
 */
export const PATIENCE_MS = 300_000
