/** Writes one line: a message, or fields with a message. */
export interface LogMethod {
  (message: string): void
  (fields: object, message?: string): void
}

/** The part of pino that Millrace uses; any pino logger is one. */
export interface Logger {
  trace: LogMethod
  debug: LogMethod
  info: LogMethod
  warn: LogMethod
  error: LogMethod
  fatal: LogMethod
  /** A logger that adds these fields to every line. */
  child(bindings: Record<string, unknown>): Logger
}
