import type { Logger } from '@millrace/core'
import { lineText } from './line-text.js'

const KEPT_LEVELS: ReadonlySet<unknown> = new Set(['info', 'warn', 'error', 'fatal'])

/** What pino has beyond our interface. */
interface Levelled {
  isLevelEnabled?(level: string): boolean
}

/**
 * The same logger, children included; each line that it lets through, from `info` up, is told as well. All else of it (pino has more than
 * `Logger` names) works as before.
 */
export function toldLogger(
  logger: Logger,
  tell: (level: string, text: string) => void,
  bindings: Readonly<Record<string, unknown>> = {},
): Logger {
  const made = new Map<unknown, unknown>()
  const make = (name: string | symbol): unknown => {
    if (name === 'child') {
      return (given: Record<string, unknown>, ...more: never[]) =>
        toldLogger(Reflect.apply(logger.child, logger, [given, ...more]), tell, { ...bindings, ...given })
    }
    const level = name as 'info'
    return (...line: [string]) => {
      logger[level](...line)
      if ((logger as Levelled).isLevelEnabled?.(level) !== false) tell(level, lineText(bindings, line))
    }
  }
  return new Proxy(logger, {
    get(target, name) {
      if (name !== 'child' && !KEPT_LEVELS.has(name)) return Reflect.get(target, name, target)
      if (!made.has(name)) made.set(name, make(name))
      return made.get(name)
    },
  })
}
