import type { EnqueueAnswer, JobRef, Lane, NewJob } from '@millrace/broker'
import {
  encodeMessage,
  generateJobId,
  InvalidInputError,
  InvalidOptionError,
  NotSerializableError,
  UniqueConflictError,
} from '@millrace/core'
import type { ClientScope } from '../ports/client-scope.js'
import type { EnqueueMessage } from '../ports/enqueue-middleware.js'
import type { EnqueueManyOptions, EnqueueOptions } from '../ports/enqueue-options.js'
import { type CallPlan, planCall } from './call-plan.js'
import { encodeInput } from './encode-input.js'
import { runEnqueueMiddleware } from './run-enqueue-middleware.js'
import type { Sender } from './sender.js'
import type { TaskRoute } from './task-route.js'

/** The jobs of one call, all on one lane. */
export interface PlacedJobs {
  readonly lane: Lane
  readonly ids: readonly string[]
}

interface EnqueueCall {
  readonly route: TaskRoute
  readonly input: unknown
  readonly options: EnqueueOptions | undefined
}

/** How many inputs of an asynchronous schema are validated at once. */
const ASYNC_WIDTH = 100

/** Options → validate → JSON → message → lane. Nothing is sent before everything of the call is checked. */
export class Enqueuer {
  readonly #scope: ClientScope
  readonly #sender: Sender
  #turn = 0

  constructor(scope: ClientScope, sender: Sender) {
    this.#scope = scope
    this.#sender = sender
  }

  /** Resolves with what `place` makes of where the job is: the new one, or the one that has its id or its unique key. */
  enqueue<T>({ route, input, options }: EnqueueCall, place: (ref: JobRef) => T): Promise<T> {
    if (this.#scope.enqueueMiddleware.length === 0) return this.#enqueueOne({ route, input, options }, place)
    const send = (inputs: readonly unknown[], merged: EnqueueOptions) =>
      this.#enqueueOne({ route, input: inputs[0], options: merged }, (ref) => ref)
    return this.#around(route, [input], options, send).then(place)
  }

  /** Resolves when all jobs are on the lane. */
  async enqueueMany(
    route: TaskRoute,
    inputs: readonly unknown[],
    options: EnqueueManyOptions | undefined,
  ): Promise<PlacedJobs> {
    if (!Array.isArray(inputs))
      throw new InvalidOptionError({ option: 'inputs', found: inputs, expected: 'an array of inputs' })
    if (this.#scope.enqueueMiddleware.length === 0) return this.#enqueueAll(route, inputs, options)
    return this.#around(route, inputs, options, (replaced, merged) => this.#enqueueAll(route, replaced, merged))
  }

  #enqueueOne<T>({ route, input, options }: EnqueueCall, place: (ref: JobRef) => T): Promise<T> {
    try {
      const plan = options === undefined ? route.plain : planCall(scopeOf(route), options)
      const json = encodeInput(route.rules, input)
      if (typeof json === 'string') return this.#send(route, plan, json, place)
      return json.then((text) => this.#send(route, plan, text, place))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #send<T>(route: TaskRoute, plan: CallPlan, json: string, place: (ref: JobRef) => T): Promise<T> {
    const lane = this.#lane(route, plan)
    const id = plan.id ?? generateJobId(lane.index)
    const message = encodeMessage(route.definition.name, json, this.#scope.clock.now(), plan.extras)
    const awaited = plan.attrs === undefined && route.habit.takeCredit()
    const job = awaited ? { id, message, awaited } : newJob(id, message, plan)
    return this.#sender.sendOne(lane, job, (answer) => place({ lane, id: holderOf(answer, id, plan) }))
  }

  async #enqueueAll(
    route: TaskRoute,
    inputs: readonly unknown[],
    options: EnqueueManyOptions | undefined,
  ): Promise<PlacedJobs> {
    const plan = options === undefined ? route.plain : planCall(scopeOf(route), options, true)
    const encoded = encodeAll(route, inputs)
    const jsons = Array.isArray(encoded) ? encoded : await encoded
    const lane = this.#lane(route, plan)
    const { name } = route.definition
    const now = this.#scope.clock.now()
    const ids: string[] = []
    const jobs: NewJob[] = []
    for (let i = 0; i < jsons.length; i++) {
      const id = generateJobId(lane.index)
      ids.push(id)
      jobs.push(newJob(id, encodeMessage(name, jsons[i] as string, now, plan.extras), plan))
    }
    await this.#sender.sendMany(lane, jobs)
    return { lane, ids }
  }

  async #around<R extends JobRef | PlacedJobs, O extends EnqueueManyOptions>(
    route: TaskRoute,
    inputs: readonly unknown[],
    options: O | undefined,
    send: (inputs: readonly unknown[], options: O) => Promise<R>,
  ): Promise<R> {
    const { name: task, policy } = route.definition
    const ids: string[] = []
    const message: EnqueueMessage = { task, queue: policy.queue, inputs, headers: { ...options?.headers }, ids }
    let sent: { readonly value: R } | undefined
    await runEnqueueMiddleware(this.#scope.enqueueMiddleware, message, async () => {
      if (message.inputs.length !== inputs.length) {
        throw new InvalidOptionError({
          option: 'message.inputs',
          found: message.inputs,
          expected: `as many inputs as the call has, ${inputs.length}`,
        })
      }
      const value = await send(message.inputs, { ...options, headers: message.headers } as O)
      for (const id of 'ids' in value ? value.ids : [value.id]) ids.push(id)
      sent = { value }
    })
    if (sent === undefined)
      throw new Error(`an enqueue middleware did not call next(): nothing of ${task} was enqueued`)
    return sent.value
  }

  /** A call without a key goes to one lane, the next call to the next. */
  #lane(route: TaskRoute, plan: CallPlan): Lane {
    const { lanes } = route
    const index = plan.laneIndex ?? (lanes.length === 1 ? 0 : this.#turn++ % lanes.length)
    return lanes[index] as Lane
  }
}

function scopeOf(route: TaskRoute) {
  return { definition: route.definition, lanes: route.lanes.length, codec: route.codec }
}

function newJob(id: string, message: string, { attrs }: CallPlan): NewJob {
  return attrs === undefined ? { id, message } : { id, message, attrs }
}

function holderOf(answer: EnqueueAnswer, id: string, plan: CallPlan): string {
  switch (answer.kind) {
    case 'accepted':
    case 'duplicate':
      return id
    case 'conflict':
      if (plan.throwOnConflict)
        throw new UniqueConflictError({ key: plan.attrs?.unique?.key ?? '', holder: answer.holder })
      return answer.holder
  }
}

/** One JSON text per input; a promise only where the schema is asynchronous. Errors name the input's index. */
function encodeAll(route: TaskRoute, inputs: readonly unknown[]): string[] | Promise<string[]> {
  const jsons: string[] = []
  let index = 0
  try {
    for (; index < inputs.length; index++) {
      const json = encodeInput(route.rules, inputs[index])
      if (typeof json !== 'string') return encodeSlowly(route, inputs, { jsons, pending: json })
      jsons.push(json)
    }
  } catch (error) {
    throw atIndex(error, index)
  }
  return jsons
}

async function encodeSlowly(
  route: TaskRoute,
  inputs: readonly unknown[],
  { jsons, pending }: { readonly jsons: string[]; readonly pending: Promise<string> },
): Promise<string[]> {
  const named = async (index: number, json?: Promise<string>) => {
    try {
      return await (json ?? encodeInput(route.rules, inputs[index]))
    } catch (error) {
      throw atIndex(error, index)
    }
  }
  jsons.push(await named(jsons.length, pending))
  while (jsons.length < inputs.length) {
    const from = jsons.length
    const width = Math.min(ASYNC_WIDTH, inputs.length - from)
    jsons.push(...(await Promise.all(Array.from({ length: width }, (_, offset) => named(from + offset)))))
  }
  return jsons
}

function atIndex(error: unknown, index: number): unknown {
  const under = (path: string) => (path === '' || path.startsWith('[') ? `[${index}]${path}` : `[${index}].${path}`)
  if (error instanceof InvalidInputError) {
    const issues = error.issues.map((issue) => ({ path: under(issue.path), message: issue.message }))
    return new InvalidInputError({ task: error.task, issues })
  }
  if (error instanceof NotSerializableError)
    return new NotSerializableError({ path: under(error.path), found: error.found })
  return error
}
