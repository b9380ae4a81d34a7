import type { Logger } from '@millrace/core'
import type { App } from 'millrace'
import { bringsLogger, withLogger } from '../human-facing.js'
import { humanLogger, type LineWriter } from '../output/human-logger.js'

/**
 * The app with the log of `millrace dev`: what handlers log with `ctx.log`, and of Millrace itself only what goes wrong, since
 * the lines per job tell the rest. A logger that the app brings stays.
 */
export function devFacing(app: App, debug: boolean): App {
  return bringsLogger(app) ? app : withLogger(app, devLogger(debug))
}

export function devLogger(debug: boolean, write?: LineWriter): Logger {
  const own = humanLogger({ level: debug ? 'debug' : 'warn', write })
  const handlers = humanLogger({ level: debug ? 'debug' : 'info', write })
  return { ...own, child: (bindings) => ('jobId' in bindings ? handlers : own).child(bindings) }
}
