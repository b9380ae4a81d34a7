import type { JobRef, Lane, StoredOutcome } from '@millrace/broker'
import {
  JobCancelledError,
  JobExpiredError,
  JobFailedError,
  type ObservedState,
  ResultNotKeptError,
  type TaskDefinition,
} from '@millrace/core'
import type { KnownBroker } from '../known-broker.js'
import type { ClientScope } from '../ports/client-scope.js'
import type { JobHandle, JobOutcome, WaitOptions } from '../ports/job-handle.js'
import type { WaitHabit } from '../ports/wait-habit.js'
import { watchProgress } from './progress.js'
import { readOutput } from './read-output.js'
import { waitForEnd } from './wait-for-end.js'

/** What handles of one task and lane share, so that a handle is two fields. */
export interface JobHome {
  readonly scope: Pick<ClientScope, 'codec'>
  readonly broker: KnownBroker
  readonly definition: TaskDefinition
  readonly lane: Lane
  /** Told of each wait; absent for jobs of workflows, which are enqueued otherwise. */
  readonly habit: WaitHabit | undefined
}

/** A small object: `enqueueMany` makes thousands of them. */
export class LiveJobHandle<Output> implements JobHandle<Output> {
  readonly id: string
  readonly #home: JobHome

  constructor(home: JobHome, id: string) {
    this.id = id
    this.#home = home
  }

  result(options?: WaitOptions): Promise<Output> {
    if (this.#home.definition.policy.resultKeepMs === 0) return Promise.reject(this.#notKept())
    return this.#ended(options).then((ended) => this.#outputOf(ended))
  }

  async outcome(options?: WaitOptions): Promise<JobOutcome<Output>> {
    try {
      return await this.#outcome(await this.#ended(options))
    } catch (error) {
      return { state: 'unknown', error }
    }
  }

  async state(): Promise<ObservedState> {
    const broker = await this.#home.broker.get()
    return (await broker.inspect.job(this.#ref())).state
  }

  async cancel(): Promise<'cancelled' | 'asked' | 'ended' | 'unknown'> {
    const broker = await this.#home.broker.get()
    return broker.control.cancel(this.#ref())
  }

  progress(options?: WaitOptions): AsyncGenerator<unknown, void, undefined> {
    return watchProgress(this.#home.broker, this.#ref(), options)
  }

  #ref(): JobRef {
    return { lane: this.#home.lane, id: this.id }
  }

  #ended(options: WaitOptions | undefined): Promise<StoredOutcome | 'gone'> {
    this.#home.habit?.waited()
    return waitForEnd(this.#home.broker, this.#ref(), options)
  }

  #outputOf(ended: StoredOutcome | 'gone'): Output | Promise<Output> {
    if (ended === 'gone') throw this.#notKept()
    const { definition, scope } = this.#home
    switch (ended.state) {
      case 'succeeded':
        if (ended.outputJson === undefined) throw this.#notKept()
        return readOutput(definition, ended.outputJson, scope.codec) as Output | Promise<Output>
      case 'failed':
        throw this.#failed(ended)
      case 'cancelled':
        throw new JobCancelledError({ id: this.id })
      case 'expired':
        throw new JobExpiredError({ id: this.id })
    }
  }

  async #outcome(ended: StoredOutcome | 'gone'): Promise<JobOutcome<Output>> {
    if (ended === 'gone') return { state: 'unknown', error: this.#notKept() }
    switch (ended.state) {
      case 'succeeded':
        if (ended.outputJson === undefined) return { state: 'succeeded', kept: false, output: undefined }
        return { state: 'succeeded', kept: true, output: await this.#outputOf(ended) }
      case 'failed':
        return { state: 'failed', error: this.#failed(ended) }
      default:
        return { state: ended.state }
    }
  }

  #failed({ failure, attempts }: Extract<StoredOutcome, { state: 'failed' }>): JobFailedError {
    return new JobFailedError({ jobId: this.id, task: this.#home.definition.name, attempts, failure })
  }

  #notKept(): ResultNotKeptError {
    return new ResultNotKeptError({ id: this.id, task: this.#home.definition.name })
  }
}
