/** A failure that its reader can mend: shown as it is, without a stack. */
export class Failure extends Error {}
