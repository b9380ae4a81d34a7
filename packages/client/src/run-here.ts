import {
  type Duration,
  InvalidInputError,
  JobFailedError,
  type Logger,
  parseDuration,
  RetryRequest,
  recordFailure,
  type TaskContext,
  type TaskDefinition,
  type TaskRegistry,
  toJson,
  UnknownTaskError,
  validate,
} from '@millrace/core'
import { encodeInput, type InputRules } from './enqueue/encode-input.js'
import { readOutput } from './handle/read-output.js'

export interface RunHere {
  readonly definition: TaskDefinition
  readonly rules: InputRules
  readonly registry: TaskRegistry
  readonly logger: Logger
  readonly ctx: Partial<TaskContext> | undefined
}

/** Takes an input the way a job takes it, without the broker: schema, JSON, schema, handler, schema, JSON, schema. */
export async function runHere(run: RunHere, input: unknown): Promise<unknown> {
  const { definition, registry } = run
  const { name } = definition
  const handler = registry.handler(name)
  if (handler === undefined) {
    throw new UnknownTaskError({ task: `${name} (defined, but without a handler in this process)` })
  }
  const json = await encodeInput({ ...run.rules, codec: undefined }, input)
  const parsed = await parseInput(definition, JSON.parse(json))
  const returned = await handler(parsed, context(run))
  if (returned instanceof RetryRequest) {
    const failure = recordFailure(new Error(`The handler of ${name} asked for a retry, and run() makes one attempt`), {
      reason: 'retry-asked',
      attempt: 1,
      at: Date.now(),
    })
    throw new JobFailedError({ jobId: 'run', task: name, attempts: 1, failure })
  }
  const outputJson = toJson(returned, { ...run.rules.limits, what: `output of ${name}`, allowUndefined: true })
  return readOutput(definition, outputJson, undefined)
}

async function parseInput({ name, input: schema }: TaskDefinition, value: unknown): Promise<unknown> {
  if (schema === undefined) return value
  const result = await validate(schema, value)
  if (!result.ok) throw new InvalidInputError({ task: name, issues: result.issues })
  return result.value
}

function context({ definition, logger, ctx }: RunHere): TaskContext {
  return {
    jobId: 'run',
    task: definition.name,
    attempt: 1,
    crashes: 0,
    token: '0',
    signal: new AbortController().signal,
    log: logger,
    progress: () => {},
    headers: {},
    enqueuedAt: new Date(),
    deadline: undefined,
    retry: (options?: { readonly delay?: Duration }) =>
      new RetryRequest(options?.delay === undefined ? undefined : parseDuration(options.delay, 'retry.delay')),
    ...ctx,
  }
}
