import { InvalidOptionError } from '../errors/input-errors.js'
import { checkName } from '../names/check-name.js'
import type { Schema } from '../schema/validate.js'
import { resolveTaskPolicy } from './resolve-task-policy.js'
import type { TaskOptions, TaskPolicyOptions } from './task-options.js'
import type { TaskPolicy } from './task-policy.js'

/** A task as the code reads it: the contract between who enqueues and who executes. Holds no handler. */
export interface TaskDefinition {
  readonly name: string
  readonly input: Schema | undefined
  readonly output: Schema | undefined
  readonly policy: TaskPolicy
}

/**
 * Makes a definition from what the user wrote, over the app's defaults.
 * Throws `InvalidNameError`, `InvalidOptionError`.
 */
export function defineTask(name: string, options: TaskOptions = {}, appDefaults?: TaskPolicyOptions): TaskDefinition {
  checkName('task', name)
  const policy = resolveTaskPolicy(name, options, appDefaults)
  return {
    name,
    input: checkSchema(options.input, `${name}.input`),
    output: checkSchema(options.output, `${name}.output`),
    policy,
  }
}

function checkSchema(schema: unknown, option: string): Schema | undefined {
  if (schema === undefined) return undefined
  if ((typeof schema === 'object' || typeof schema === 'function') && schema !== null) {
    const standard = (schema as { '~standard'?: { validate?: unknown } })['~standard']
    if (typeof standard?.validate === 'function') return schema as Schema
  }
  throw new InvalidOptionError({ option, found: schema, expected: 'a Standard Schema, e.g. z.object({ … })' })
}
