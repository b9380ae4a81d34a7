import { createRequire } from 'node:module'
import type { Logger, LogMethod } from '@millrace/core'

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const

/**
 * The logger of an app that brings none: pino, loaded at the first line. Required rather than imported, so that it stays
 * out of a producer's bundle; where it is not installed beside one, only warnings and worse are written, to stderr.
 */
export function defaultLogger(name: string): Logger {
  return lazyLogger(() => loadPino(name))
}

function lazyLogger(load: () => Logger): Logger {
  let loaded: Logger | undefined
  const target = () => {
    loaded ??= load()
    return loaded
  }
  const logger: Partial<Logger> = {
    child: (bindings) => lazyLogger(() => target().child(bindings)),
  }
  for (const level of LEVELS)
    logger[level] = ((...line: Parameters<LogMethod>) => target()[level](...line)) as LogMethod
  return logger as Logger
}

function loadPino(name: string): Logger {
  try {
    const pino = createRequire(import.meta.url)('pino') as (options: object) => Logger
    return pino({ name })
  } catch {
    return stderrLogger({ name })
  }
}

function stderrLogger(bindings: Record<string, unknown>): Logger {
  const silent: LogMethod = () => {}
  const write = (level: string): LogMethod => {
    return (first: string | object, message?: string) => {
      const { err, ...fields } = (typeof first === 'string' ? {} : first) as Record<string, unknown>
      const text = typeof first === 'string' ? first : (message ?? '')
      console.error(`${level} ${text}`, { ...bindings, ...fields }, ...(err === undefined ? [] : [err]))
    }
  }
  return {
    trace: silent,
    debug: silent,
    info: silent,
    warn: write('warn'),
    error: write('error'),
    fatal: write('fatal'),
    child: (more) => stderrLogger({ ...bindings, ...more }),
  }
}
