import type { Logger, LogMethod } from '@millrace/core'
import { clip, plainLine } from './plain-text.js'

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
type Level = (typeof LEVELS)[number]

export type LineWriter = (line: string) => void

export interface HumanLoggerOptions {
  /** Lines below this are dropped. From 'debug' on, fatal errors show their stack. */
  readonly level: Level
  /** Default: stdout. */
  readonly write?: LineWriter | undefined
}

const toStdout: LineWriter = (line) => void process.stdout.write(`${line}\n`)

/** One line for people per log line: `12:00:01 INFO  worker running  queues=mail,default`. */
export function humanLogger(options: HumanLoggerOptions, bindings: Readonly<Record<string, unknown>> = {}): Logger {
  const { write = toStdout } = options
  const method = (level: Level): LogMethod => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(options.level)) return () => undefined
    return (first: string | object, message?: string) => {
      const fields = typeof first === 'string' ? {} : (first as Record<string, unknown>)
      const text = typeof first === 'string' ? first : (message ?? '')
      const stack = level === 'fatal' && LEVELS.indexOf(options.level) <= LEVELS.indexOf('debug')
      write(logLine({ level, text, stack }, { ...bindings, ...fields }))
    }
  }
  const methods = Object.fromEntries(LEVELS.map((level) => [level, method(level)])) as unknown as Record<
    Level,
    LogMethod
  >
  return { ...methods, child: (more) => humanLogger(options, { ...bindings, ...more }) }
}

interface LineHead {
  readonly level: Level
  readonly text: string
  readonly stack: boolean
}

function logLine({ level, text, stack }: LineHead, { err, ...fields }: Record<string, unknown>): string {
  const time = new Date().toTimeString().slice(0, 8)
  const parts = [`${time} ${level.toUpperCase().padEnd(5)} ${plainLine(text)}`]
  if (err !== undefined)
    parts.push(`: ${plainLine(err instanceof Error ? `${err.name}: ${err.message}` : fieldText(err))}`)
  const shown = Object.entries(fields).map(([name, value]) => `${name}=${fieldText(value)}`)
  if (shown.length > 0) parts.push(`  ${shown.join(' ')}`)
  if (stack && err instanceof Error && err.stack !== undefined) {
    for (const frame of err.stack.split('\n').slice(1, 8)) parts.push(`\n    ${plainLine(frame).trim()}`)
  }
  return parts.join('')
}

function fieldText(value: unknown): string {
  if (typeof value === 'string') return clip(plainLine(value), 200)
  if (Array.isArray(value)) return clip(value.map(fieldText).join(','), 200)
  try {
    return clip(plainLine(JSON.stringify(value) ?? String(value)), 200)
  } catch {
    return '?'
  }
}
