import type { Logger } from 'millrace'

/** One JSON line per word of information or worse on stderr, where the harness keeps it in a file. */
export function stderrLogger(): Logger {
  const silent = () => undefined
  const write = (level: string) => (first: string | object, text?: string) => {
    const fields: Record<string, unknown> = typeof first === 'string' ? { text: first } : { text, ...first }
    if (fields.err instanceof Error) fields.err = fields.err.stack
    process.stderr.write(`${JSON.stringify({ at: Date.now(), level, ...fields })}\n`)
  }
  return {
    trace: silent,
    debug: silent,
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    fatal: write('fatal'),
    child: () => stderrLogger(),
  }
}
