import type { CallOptions, EnqueueAnswer, Lane, NewJob, ProducerPort } from '@millrace/broker'
import { laneName } from '@millrace/broker'
import { InvalidOptionError, MAX_BATCH_JOBS } from '@millrace/core'
import type { Engine } from '../engine.js'
import type { LinkCall } from '../link/link-call.js'
import { SessionRefused } from '../link/redis-error.js'
import type { LaneRegistry } from '../registry/lane-registry.js'
import { checkAttrs } from './check-attrs.js'
import { encodeJobs } from './encode-jobs.js'
import type { SessionScope } from './session.js'
import { ProducerSession, say } from './session.js'
import { UnknownCalls } from './unknown-calls.js'

const ACCEPTED: EnqueueAnswer = Object.freeze({ kind: 'accepted' })
const ALONE_ACCEPTED: readonly EnqueueAnswer[] = Object.freeze([ACCEPTED])
const DUPLICATE: EnqueueAnswer = Object.freeze({ kind: 'duplicate' })

/** Where the ends of jobs are told before anybody asks. */
export interface AwaitedEnds {
  /** The name under which this process hears of the ends of these jobs from now on; '' where it is not listening. */
  expect(lane: Lane, ids: readonly string[]): string
}

/** The producing role on Redis. A lane has as many sessions as it has calls in flight: usually one. */
export class RedisProducer implements ProducerPort {
  readonly #scope: SessionScope
  readonly #ends: AwaitedEnds
  readonly #idle = new Map<string, ProducerSession[]>()

  constructor(engine: Engine, registry: LaneRegistry, ends: AwaitedEnds) {
    this.#ends = ends
    this.#scope = { engine, registry, unknown: new UnknownCalls() }
  }

  enqueue(lane: Lane, jobs: readonly NewJob[], options: CallOptions = {}): Promise<readonly EnqueueAnswer[]> {
    if (jobs.length === 0) return Promise.resolve([])
    try {
      checkJobs(jobs)
    } catch (error) {
      return Promise.reject(error)
    }
    // A lone job may be handed over at the door: it starts before its producer hears that it is stored.
    const publishes = jobs.length === 1 && jobs[0]?.awaited === true
    const call: LinkCall = {
      ...options,
      what: () => `enqueue of ${jobs.length === 1 ? 'a job' : `${jobs.length} jobs`} on ${laneName(lane)}`,
      ids: () => jobs.map((job) => job.id),
      publishes,
      // Its producer waits for the worker next, who needs the processor more.
      polled: !publishes,
    }
    return this.#scope.unknown.size === 0 ? this.#send(lane, jobs, call) : this.#sendRest(lane, jobs, call)
  }

  #send(lane: Lane, jobs: readonly NewJob[], call: LinkCall): Promise<readonly EnqueueAnswer[]> {
    const pool = this.#poolOf(lane)
    const session = pool.pop() ?? new ProducerSession(this.#scope, lane)
    const args = encodeJobs(jobs, this.#waiter(lane, jobs))
    return session.enqueue(args, call).then(
      (text) => {
        pool.push(session)
        return readAnswers(text, jobs.length)
      },
      (error: unknown) => {
        pool.push(session)
        throw error
      },
    )
  }

  /** Ids that an earlier call may have carried are not said again where that call has happened. */
  async #sendRest(lane: Lane, jobs: readonly NewJob[], call: LinkCall): Promise<readonly EnqueueAnswer[]> {
    const there = await this.#resolve(lane, jobs, call)
    if (there.size === 0) return this.#send(lane, jobs, call)
    const rest = jobs.filter((job) => !there.has(job.id))
    const answers = rest.length === 0 ? [] : [...(await this.#send(lane, rest, call))]
    return jobs.map((job) => (there.has(job.id) ? DUPLICATE : (answers.shift() as EnqueueAnswer)))
  }

  #poolOf(lane: Lane): ProducerSession[] {
    const name = laneName(lane)
    let pool = this.#idle.get(name)
    if (pool === undefined) {
      pool = []
      this.#idle.set(name, pool)
    }
    return pool
  }

  /** One name for all or none: whoever waits for one of them waits for those that travel with it. */
  #waiter(lane: Lane, jobs: readonly NewJob[]): string {
    for (const { awaited, attrs } of jobs) if (!awaited || attrs !== undefined) return ''
    return this.#ends.expect(
      lane,
      jobs.map((job) => job.id),
    )
  }

  /** Settles the fate of earlier calls that carried one of these ids; which of the ids are there by now. */
  async #resolve(lane: Lane, jobs: readonly NewJob[], call: LinkCall): Promise<ReadonlySet<string>> {
    const { engine, unknown } = this.#scope
    const there = new Set<string>()
    for (const earlier of unknown.with(jobs.map((job) => job.id))) {
      try {
        const answers = readAnswers(await say(engine, lane, { ...earlier, call }), earlier.ids.length)
        earlier.ids.forEach((id, i) => {
          if (answers[i]?.kind !== 'conflict') there.add(id)
        })
      } catch (error) {
        // The store has forgotten that session with all it did: the call starts from nothing.
        if (!(error instanceof SessionRefused)) throw error
      }
      unknown.forget(earlier)
    }
    return there
  }
}

function checkJobs(jobs: readonly NewJob[]): void {
  if (jobs.length > MAX_BATCH_JOBS) {
    throw new InvalidOptionError({ option: 'jobs', found: jobs.length, expected: `at most ${MAX_BATCH_JOBS} a call` })
  }
  for (const job of jobs) if (job.attrs !== undefined) checkAttrs(job.id, job.attrs)
}

function readAnswers(text: string, count: number): readonly EnqueueAnswer[] {
  if (text === '' && count === 1) return ALONE_ACCEPTED
  const answers = new Array<EnqueueAnswer>(count).fill(ACCEPTED)
  if (text === '') return answers
  for (const part of text.split(' ')) {
    const at = part.search(/[DC]/)
    const position = Number(part.slice(0, at))
    answers[position] = part[at] === 'D' ? DUPLICATE : { kind: 'conflict', holder: part.slice(at + 1) }
  }
  return answers
}
