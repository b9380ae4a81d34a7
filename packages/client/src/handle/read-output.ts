import { MillraceError, type TaskDefinition, validate } from '@millrace/core'
import type { Codec } from '../ports/codec.js'

/**
 * The value that a stored output stands for: parsed by the task's output schema where it has one.
 * Throws `MillraceError` (`INVALID_INPUT`) when this process's schema refuses what a worker stored.
 */
export async function readOutput(
  definition: TaskDefinition,
  outputJson: string,
  codec: Codec | undefined,
): Promise<unknown> {
  const stored: unknown = JSON.parse(outputJson)
  const value: unknown = codec !== undefined && typeof stored === 'string' ? JSON.parse(codec.decode(stored)) : stored
  if (definition.output === undefined) return value
  const result = await validate(definition.output, value)
  if (result.ok) return result.value
  const issues = result.issues.map((issue) => (issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`))
  throw new MillraceError(
    'INVALID_INPUT',
    `The stored output of ${definition.name} does not fit its schema here: ${issues.slice(0, 3).join('; ')}.`,
  )
}
