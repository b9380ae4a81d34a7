import { crashPoint, InvalidInputError, type Outcome, RetryRequest, readMessage, validate } from '@millrace/core'
import type { Attempt } from '../attempt.js'
import type { AttemptView } from '../host.js'
import { abortAttempt, giveUp, outcomeOfAbort } from './abort-attempt.js'
import { AttemptContext } from './attempt-context.js'
import type { AttemptEnvironment } from './attempt-environment.js'
import { composedInput, decodeInput } from './decode-input.js'
import { InvalidOutputError } from './invalid-output-error.js'
import { invalidOutput } from './judge-outcome.js'
import { resolveTask } from './resolve-task.js'
import { jobEvent, settleAttempt } from './settle-attempt.js'

/** In place of an input: the attempt has ended, or goes on by itself once what it waits for is there. */
const NOT_NOW = Symbol('not now')

/**
 * One attempt: note a suspect → read → resolve → compose, decode → validate → arm timeout → middleware, handler → validate → judge.
 * Only a step that really has to wait makes a promise: a job whose handler is synchronous runs from reservation to verdict without one.
 * What leads to the handler returns before it is entered: every frame below a handler costs each error that it throws.
 */
export function runAttempt(attempt: Attempt, environment: AttemptEnvironment): void {
  attempt.started = true
  if (attempt.reservation.crashes > 0) {
    noteSuspect(attempt, environment)
    return
  }
  const input = read(attempt, environment)
  if (input !== NOT_NOW) millraceHandler(attempt, input, environment)
}

/** Goes on with an attempt that had to wait. */
function goOn(attempt: Attempt, input: unknown, environment: AttemptEnvironment): void {
  if (input !== NOT_NOW) millraceHandler(attempt, input, environment)
}

/**
 * A job that crashed before is charged with another crash only where the broker has this note, so it is there before anything of the
 * job's runs. A broker that cannot take it gets the job back uncounted.
 */
function noteSuspect(attempt: Attempt, environment: AttemptEnvironment): void {
  attempt.owner.seat.begin(attempt.reservation).then(
    (held) => {
      if (attempt.ended) return
      if (held) goOn(attempt, read(attempt, environment), environment)
      else settleAttempt(attempt, { kind: 'aborted', why: 'lease-lost' }, environment)
    },
    () => settleAttempt(attempt, { kind: 'aborted', why: 'released' }, environment),
  )
}

/** The handler's input, or `NOT_NOW`. */
function read(attempt: Attempt, environment: AttemptEnvironment): unknown {
  const message = readMessage(attempt.reservation.wire)
  if (message === undefined) {
    settleAttempt(
      attempt,
      { kind: 'malformed', error: new Error('The stored bytes are no message of a version that this worker knows') },
      environment,
    )
    return NOT_NOW
  }
  attempt.message = message
  if (!resolveTask(attempt, environment.registry)) {
    settleAttempt(attempt, { kind: 'unknown-task', task: message.task }, environment)
    return NOT_NOW
  }
  environment.onEvent?.({ kind: 'started', ...jobEvent(attempt) })
  let input: unknown
  try {
    input = decodeInput(message, environment.host.codec)
  } catch (error) {
    settleAttempt(attempt, { kind: 'invalid-input', error }, environment)
    return NOT_NOW
  }
  if (!attempt.reservation.composed && message.extras.compose === undefined) return check(attempt, input, environment)
  composedInput(attempt, message, input, environment.host.codec).then(
    (composed) => goOn(attempt, check(attempt, composed, environment), environment),
    (error) => {
      // Anything but a refusal is the broker's trouble, not the job's: it goes back uncounted.
      const outcome: Outcome =
        error instanceof InvalidInputError ? { kind: 'invalid-input', error } : { kind: 'aborted', why: 'released' }
      settleAttempt(attempt, outcome, environment)
    },
  )
  return NOT_NOW
}

/** What the schema makes of the input, or `NOT_NOW`. */
function check(attempt: Attempt, input: unknown, environment: AttemptEnvironment): unknown {
  const schema = attempt.definition?.input
  if (attempt.ended) return NOT_NOW
  if (schema === undefined) return input
  let checked: ReturnType<typeof validate>
  try {
    checked = validate(schema, input)
  } catch (error) {
    settleAttempt(attempt, { kind: 'invalid-input', error }, environment)
    return NOT_NOW
  }
  if (!('then' in checked)) return checkedInput(attempt, checked, environment)
  checked.then(
    (result) => goOn(attempt, checkedInput(attempt, result, environment), environment),
    (error) => settleAttempt(attempt, { kind: 'invalid-input', error }, environment),
  )
  return NOT_NOW
}

function checkedInput(
  attempt: Attempt,
  checked: Awaited<ReturnType<typeof validate>>,
  environment: AttemptEnvironment,
): unknown {
  if (checked.ok) return checked.value
  const error = new InvalidInputError({ task: attempt.task, issues: checked.issues })
  settleAttempt(attempt, { kind: 'invalid-input', error }, environment)
  return NOT_NOW
}

/** Enters the handler. Failure records end their stacks at this name: what is below it is ours. */
function millraceHandler(attempt: Attempt, input: unknown, environment: AttemptEnvironment): void {
  if (attempt.ended) return
  // Asked to stop while its input was on the way: the handler is not started at all.
  if (attempt.abortedBy !== undefined) {
    settleAttempt(attempt, outcomeOfAbort(attempt, attempt.abortedBy), environment)
    return
  }
  armTimeout(attempt, environment)
  const context = new AttemptContext(attempt, environment)
  let returned: unknown
  let waits: boolean
  try {
    returned =
      environment.host.execute === undefined
        ? attempt.handler?.(input, context)
        : throughMiddleware(attempt, { input, context }, environment)
    waits = isThenable(returned)
  } catch (error) {
    threw(attempt, error, environment)
    return
  }
  if (!waits) {
    cameBack(attempt, returned, environment)
    return
  }
  const promise = returned instanceof Promise ? returned : Promise.resolve(returned)
  promise.then(
    (value) => cameBack(attempt, value, environment),
    (error) => threw(attempt, error, environment),
  )
}

function throughMiddleware(
  attempt: Attempt,
  given: { input: unknown; context: AttemptContext },
  environment: AttemptEnvironment,
): Promise<unknown> | undefined {
  const { reservation } = attempt
  const view: AttemptView = {
    jobId: reservation.id,
    task: given.context.task,
    queue: reservation.lane.queue,
    attempt: attempt.number,
    headers: given.context.headers,
    input: given.input,
    ctx: given.context,
    get verdict() {
      attempt.decided ??= Promise.withResolvers()
      return attempt.decided.promise
    },
  }
  // By the name of the other way in.
  return environment.host.execute?.(view, async function millraceHandler() {
    return attempt.handler?.(given.input, given.context)
  })
}

function cameBack(attempt: Attempt, value: unknown, environment: AttemptEnvironment): void {
  crashPoint('effect-done')
  if (attempt.ended) {
    environment.returnedLate(attempt)
    return
  }
  const aborted = attempt.abortedBy
  // A handler that completes although its worker is stopping has done its work; every other abort decides.
  if (aborted !== undefined && aborted !== 'released') {
    settleAttempt(attempt, outcomeOfAbort(attempt, aborted), environment)
    return
  }
  if (value instanceof RetryRequest) {
    settleAttempt(attempt, { kind: 'asked-retry', delayMs: value.delayMs }, environment)
    return
  }
  const schema = attempt.definition?.output
  if (schema === undefined) {
    settleAttempt(attempt, { kind: 'returned', value }, environment)
    return
  }
  let checked: ReturnType<typeof validate>
  try {
    checked = validate(schema, value)
  } catch (error) {
    end(attempt, error, environment)
    return
  }
  if ('then' in checked) {
    checked.then(
      (result) => withCheckedOutput(attempt, { value, result }, environment),
      (error) => end(attempt, error, environment),
    )
  } else withCheckedOutput(attempt, { value, result: checked }, environment)
}

/** The output is stored as the handler gave it; who reads it parses it again, so that transforms run once per side. */
function withCheckedOutput(
  attempt: Attempt,
  output: { value: unknown; result: Awaited<ReturnType<typeof validate>> },
  environment: AttemptEnvironment,
): void {
  if (output.result.ok) settleAttempt(attempt, { kind: 'returned', value: output.value }, environment)
  else end(attempt, new InvalidOutputError(attempt.task, output.result.issues), environment)
}

/** Ends the attempt over an output that its schema refused. */
function end(attempt: Attempt, error: unknown, environment: AttemptEnvironment): void {
  if (attempt.ended) environment.returnedLate(attempt)
  else environment.ended(attempt, invalidOutput(attempt, error, environment), undefined)
}

function threw(attempt: Attempt, error: unknown, environment: AttemptEnvironment): void {
  if (attempt.ended) environment.returnedLate(attempt)
  else if (attempt.abortedBy !== undefined)
    settleAttempt(attempt, outcomeOfAbort(attempt, attempt.abortedBy), environment)
  else settleAttempt(attempt, { kind: 'threw', error }, environment)
}

function armTimeout(attempt: Attempt, environment: AttemptEnvironment): void {
  const timeoutMs = attempt.timeoutMs ?? attempt.definition?.policy.hardTimeoutMs
  if (timeoutMs === undefined) return
  attempt.alarm = environment.wheel.arm(timeoutMs, () => {
    // Told to stop before, for another reason, and still there when its time is up.
    if (attempt.abortedBy !== undefined) {
      giveUp(attempt, environment)
      return
    }
    environment.onEvent?.({ kind: 'timed-out', ...jobEvent(attempt), timeoutMs })
    abortAttempt(attempt, 'timed-out', environment)
  })
}

/** May throw: a handler can return anything, a proxy included. */
function isThenable(value: unknown): boolean {
  return (
    value instanceof Promise ||
    (typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function')
  )
}
