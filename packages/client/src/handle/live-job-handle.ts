import type { JobRef, Lane, StoredOutcome } from '@millrace/broker'
import {
  JobCancelledError,
  JobExpiredError,
  JobFailedError,
  type ObservedState,
  ResultNotKeptError,
  type TaskDefinition,
} from '@millrace/core'
import type { ClientScope } from '../ports/client-scope.js'
import type { JobHandle, JobOutcome, WaitOptions } from '../ports/job-handle.js'
import type { WaitHabit } from '../ports/wait-habit.js'
import { watchProgress } from './progress.js'
import { readOutput } from './read-output.js'
import { waitForEnd } from './wait-for-end.js'

/** What handles of one task and lane share, so that a handle is two fields. */
export interface JobHome {
  readonly scope: ClientScope
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

  async result(options?: WaitOptions): Promise<Output> {
    if (this.#home.definition.policy.resultKeepMs === 0) throw this.#notKept()
    const ended = await this.#outcome(await this.#ended(options))
    switch (ended.state) {
      case 'succeeded':
        if (ended.kept) return ended.output
        throw this.#notKept()
      case 'failed':
      case 'unknown':
        throw ended.error
      case 'cancelled':
        throw new JobCancelledError({ id: this.id })
      case 'expired':
        throw new JobExpiredError({ id: this.id })
    }
  }

  async outcome(options?: WaitOptions): Promise<JobOutcome<Output>> {
    try {
      return await this.#outcome(await this.#ended(options))
    } catch (error) {
      return { state: 'unknown', error }
    }
  }

  async state(): Promise<ObservedState> {
    const broker = await this.#home.scope.broker()
    return (await broker.inspect.job(this.#ref())).state
  }

  async cancel(): Promise<'cancelled' | 'asked' | 'ended' | 'unknown'> {
    const broker = await this.#home.scope.broker()
    return broker.control.cancel(this.#ref())
  }

  progress(options?: WaitOptions): AsyncGenerator<unknown, void, undefined> {
    return watchProgress(this.#home.scope, this.#ref(), options)
  }

  #ref(): JobRef {
    return { lane: this.#home.lane, id: this.id }
  }

  #ended(options: WaitOptions | undefined): Promise<StoredOutcome | 'gone'> {
    this.#home.habit?.waited()
    return waitForEnd(this.#home.scope, this.#ref(), options)
  }

  async #outcome(ended: StoredOutcome | 'gone'): Promise<JobOutcome<Output>> {
    if (ended === 'gone') return { state: 'unknown', error: this.#notKept() }
    const { definition, scope } = this.#home
    switch (ended.state) {
      case 'succeeded': {
        if (ended.outputJson === undefined) return { state: 'succeeded', kept: false, output: undefined }
        const output = (await readOutput(definition, ended.outputJson, scope.codec)) as Output
        return { state: 'succeeded', kept: true, output }
      }
      case 'failed': {
        const { failure, attempts } = ended
        return {
          state: 'failed',
          error: new JobFailedError({ jobId: this.id, task: definition.name, attempts, failure }),
        }
      }
      default:
        return { state: ended.state }
    }
  }

  #notKept(): ResultNotKeptError {
    return new ResultNotKeptError({ id: this.id, task: this.#home.definition.name })
  }
}
