/** What the child prints once it listens and is configured: its parent waits for this line. */
export const READY_LINE = 'embedded Valkey ready'
