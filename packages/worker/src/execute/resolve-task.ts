import type { TaskRegistry } from '@millrace/core'
import type { Attempt } from '../attempt.js'

/** Fills in whose definition and handler these are; false where this process has no handler for the task. */
export function resolveTask(attempt: Attempt, registry: TaskRegistry): boolean {
  attempt.definition = registry.definition(attempt.task)
  attempt.handler = registry.handler(attempt.task)
  return attempt.definition !== undefined && attempt.handler !== undefined
}
