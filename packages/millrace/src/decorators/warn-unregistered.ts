import { declaredTasks, type Logger, unregisteredHint } from '@millrace/core'

/** A worker that starts without a class that its code declares would put that class's jobs back for an hour, then fail them. */
export function warnUnregistered(logger: { warn(...line: Parameters<Logger['warn']>): void }): void {
  for (const task of declaredTasks().keys()) {
    const hint = unregisteredHint(task)
    if (hint !== undefined) logger.warn({ task }, hint)
  }
}
