import type { Logger } from 'millrace'

/**
 * Keeps the log off the screen, which belongs to the progress line: failures of documents are expected here and are
 * told in the summary. Only what nobody expects is written, to stderr.
 */
export function screenLogger(): Logger {
  const silent = () => {}
  const write = (first: string | object, message?: string) => {
    const { err } = (typeof first === 'string' ? {} : first) as { err?: Error }
    const text = typeof first === 'string' ? first : (message ?? '')
    console.error(err === undefined ? text : `${text}: ${err.message}`)
  }
  const logger: Logger = {
    trace: silent,
    debug: silent,
    info: silent,
    warn: silent,
    error: write,
    fatal: write,
    child: () => logger,
  }
  return logger
}
