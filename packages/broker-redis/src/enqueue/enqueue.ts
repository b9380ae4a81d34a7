import type { CallOptions, EnqueueAnswer, Lane, NewJob, ProducerPort } from '@millrace/broker'
import { laneName } from '@millrace/broker'
import { InvalidOptionError, MAX_BATCH_JOBS } from '@millrace/core'
import type { Engine } from '../engine.js'
import type { LaneRegistry } from '../registry/lane-registry.js'
import { encodeJobs } from './encode-jobs.js'
import { ProducerSession } from './session.js'

const ACCEPTED: EnqueueAnswer = Object.freeze({ kind: 'accepted' })
const DUPLICATE: EnqueueAnswer = Object.freeze({ kind: 'duplicate' })

/** The producing role on Redis. A lane has as many sessions as it has calls in flight: usually one. */
export class RedisProducer implements ProducerPort {
  readonly #engine: Engine
  readonly #registry: LaneRegistry
  readonly #idle = new Map<string, ProducerSession[]>()

  constructor(engine: Engine, registry: LaneRegistry) {
    this.#engine = engine
    this.#registry = registry
  }

  async enqueue(lane: Lane, jobs: readonly NewJob[], options: CallOptions = {}): Promise<readonly EnqueueAnswer[]> {
    if (jobs.length === 0) return []
    if (jobs.length > MAX_BATCH_JOBS) {
      throw new InvalidOptionError({ option: 'jobs', found: jobs.length, expected: `at most ${MAX_BATCH_JOBS} a call` })
    }
    const name = laneName(lane)
    let pool = this.#idle.get(name)
    if (pool === undefined) {
      pool = []
      this.#idle.set(name, pool)
    }
    const session = pool.pop() ?? new ProducerSession(this.#engine, this.#registry, lane)
    try {
      const text = await session.enqueue(encodeJobs(jobs), {
        ...options,
        what: `enqueue of ${jobs.length === 1 ? 'a job' : `${jobs.length} jobs`} on ${name}`,
        ids: () => jobs.map((job) => job.id),
      })
      return readAnswers(text, jobs.length)
    } finally {
      pool.push(session)
    }
  }
}

function readAnswers(text: string, count: number): readonly EnqueueAnswer[] {
  const answers = new Array<EnqueueAnswer>(count).fill(ACCEPTED)
  if (text === '') return answers
  for (const part of text.split(' ')) {
    const at = part.search(/[DC]/)
    const position = Number(part.slice(0, at))
    const answer: EnqueueAnswer = part[at] === 'D' ? DUPLICATE : { kind: 'conflict', holder: part.slice(at + 1) }
    answers[position] = answer
  }
  return answers
}
