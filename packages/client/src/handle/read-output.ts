import { MillraceError, type TaskDefinition, type Validation, validate } from '@millrace/core'
import type { Codec } from '../ports/codec.js'

/**
 * The value that a stored output stands for: parsed by the task's output schema where it has one.
 * A promise only where that schema is asynchronous.
 * Throws `MillraceError` (`INVALID_INPUT`) when this process's schema refuses what a worker stored.
 */
export function readOutput(definition: TaskDefinition, outputJson: string, codec: Codec | undefined): unknown {
  const stored: unknown = JSON.parse(outputJson)
  const value: unknown = codec !== undefined && typeof stored === 'string' ? JSON.parse(codec.decode(stored)) : stored
  if (definition.output === undefined) return value
  const result = validate(definition.output, value)
  return 'then' in result ? result.then((settled) => accepted(definition, settled)) : accepted(definition, result)
}

function accepted(definition: TaskDefinition, result: Validation): unknown {
  if (result.ok) return result.value
  const issues = result.issues.map((issue) => (issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`))
  throw new MillraceError(
    'INVALID_INPUT',
    `The stored output of ${definition.name} does not fit its schema here: ${issues.slice(0, 3).join('; ')}.`,
  )
}
