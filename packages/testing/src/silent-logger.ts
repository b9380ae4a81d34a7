import type { Logger } from '@millrace/core'

const nothing = () => {}

/** Test output is for tests. */
export const silentLogger: Logger = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
  child: () => silentLogger,
}
