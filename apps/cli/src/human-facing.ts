import type { Logger } from '@millrace/core'
import type { App } from 'millrace'
import { humanLogger } from './output/human-logger.js'

/** On a terminal, the app with lines for people in place of the default logger's JSON. A logger that the app brings stays. */
export function humanFacing(app: App, debug: boolean): App {
  if (!process.stdout.isTTY || bringsLogger(app)) return app
  return withLogger(app, humanLogger({ level: debug ? 'debug' : 'info' }))
}

export function withLogger(app: App, logger: Logger): App {
  return new Proxy(app, {
    get(target, key) {
      if (key === 'logger') return logger
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** pino, winston and the like know their level; the default, which loads pino at the first line, does not. */
export function bringsLogger(app: App): boolean {
  return 'level' in app.logger
}
