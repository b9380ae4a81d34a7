import { randomBytes } from 'node:crypto'
import type { CallOptions, JobRef, Lane, ResultsPort, StoredOutcome } from '@millrace/broker'
import { laneName } from '@millrace/broker'
import { BrokerUnavailableError, MAX_BATCH_JOBS } from '@millrace/core'
import type { Engine } from '../engine.js'
import { resultChannel } from '../keyspace.js'
import { Subscriber } from '../link/subscriber.js'
import { getOutcomesScript, stopWaitingScript, waitOutcomeScript } from '../scripts.generated.js'
import { EndWait, type EndWaitOptions } from './end-wait.js'
import { EndWaits } from './end-waits.js'
import { ExpectedEnds } from './expected-ends.js'
import { readOutcome } from './read-outcome.js'

/** The results role on Redis: subscribe, register, read; then messages, and reads again where one may have been missed. */
export class RedisResults implements ResultsPort {
  readonly #engine: Engine
  readonly #client = randomBytes(9).toString('base64url')
  readonly #waits = new EndWaits((wait) => this.#reread(wait))
  readonly #expected = new ExpectedEnds()
  readonly #subscriber: Subscriber

  constructor(engine: Engine) {
    this.#engine = engine
    this.#subscriber = new Subscriber(engine.target, {
      onMessage: (channel, message) => this.#receive(channel, message),
      onGap: () => this.#waits.rereadAll(),
      onLost: () => this.#expected.clear(),
    })
  }

  expect(lane: Lane, ids: readonly string[]): string {
    const channel = resultChannel(this.#engine.prefixOf(lane), this.#client)
    if (!this.#subscriber.hears(channel)) return ''
    for (const id of ids) this.#expected.add(channel + id)
    return this.#client
  }

  async get(refs: readonly JobRef[], options?: CallOptions): Promise<readonly (StoredOutcome | undefined)[]> {
    const outcomes = new Array<StoredOutcome | undefined>(refs.length).fill(undefined)
    const byLane = new Map<string, number[]>()
    refs.forEach((ref, i) => {
      const name = laneName(ref.lane)
      byLane.set(name, [...(byLane.get(name) ?? []), i])
    })
    for (const positions of byLane.values()) {
      for (let from = 0; from < positions.length; from += MAX_BATCH_JOBS) {
        const some = positions.slice(from, from + MAX_BATCH_JOBS)
        const lane = (refs[some[0] as number] as JobRef).lane
        const ids = some.map((i) => (refs[i] as JobRef).id)
        const texts = (await this.#engine.onLane(getOutcomesScript, lane, ids, options)) as string[]
        texts.forEach((text, k) => {
          if (text !== '') outcomes[some[k] as number] = readOutcome(text)
        })
      }
    }
    return outcomes
  }

  wait(ref: JobRef, options: EndWaitOptions = {}): Promise<StoredOutcome | 'gone'> {
    if (options.signal?.aborted) return Promise.reject(options.signal.reason)
    const channel = resultChannel(this.#engine.prefixOf(ref.lane), this.#client)
    const expected = this.#expected.take(channel + ref.id)
    if (expected?.outcome !== undefined) return Promise.resolve(readOutcome(expected.outcome))
    return new Promise((resolve, reject) => {
      const wait = new EndWait({ ref, channel }, options, { resolve, reject, over: this.#over })
      this.#waits.add(wait)
      const subscribed = this.#subscriber.add(channel)
      // Registered with its job, and nothing was missed since: it will be told.
      if (expected !== undefined) return
      subscribed.then(
        () => this.#read(wait),
        (error: unknown) => wait.fail(error),
      )
    })
  }

  close(): void {
    this.#waits.close()
    this.#subscriber.close()
  }

  readonly #over = (wait: EndWait, gaveUp: boolean): void => {
    this.#waits.remove(wait)
    this.#subscriber.remove(wait.channel)
    // Another wait of this process on the same job stays registered.
    if (!gaveUp || this.#waits.of(wait.key).length > 0) return
    const { lane, id } = wait.ref
    void this.#engine.onLane(stopWaitingScript, lane, [id, this.#client], { timeoutMs: 2_000 }).catch(() => {})
  }

  async #read(wait: EndWait): Promise<void> {
    try {
      await this.#ask(wait)
    } catch (error) {
      // The store is away: the wait goes on, it is read again.
      if (!(error instanceof BrokerUnavailableError)) wait.fail(error)
    }
  }

  /** For the second time or later: what goes wrong now does so again. */
  #reread(wait: EndWait): void {
    void this.#ask(wait).catch(() => {})
  }

  async #ask({ ref, key }: EndWait): Promise<void> {
    const answer = (await this.#engine.onLane(waitOutcomeScript, ref.lane, [ref.id, this.#client])) as string
    if (answer === 'G') this.#endAll(key, 'gone')
    else if (answer[0] === 'E') this.#endAll(key, readOutcome(answer.slice(1)))
  }

  #receive(channel: string, message: string): void {
    const newline = message.indexOf('\n')
    const key = channel + message.slice(1, newline)
    const body = message.slice(newline + 1)
    if (message[0] === 'P') {
      for (const wait of this.#waits.of(key)) wait.progress(body)
      return
    }
    const waits = this.#waits.of(key)
    if (waits.length === 0) this.#expected.ended(key, body)
    else if (body === '') for (const wait of waits) this.#reread(wait)
    else this.#endAll(key, readOutcome(body))
  }

  #endAll(key: string, outcome: StoredOutcome | 'gone'): void {
    for (const wait of this.#waits.of(key)) wait.end(outcome)
  }
}
