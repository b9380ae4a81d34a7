import { randomBytes } from 'node:crypto'
import type { CallOptions, JobRef, Lane, ResultsPort, StoredOutcome } from '@millrace/broker'
import { laneName } from '@millrace/broker'
import { BrokerUnavailableError, MAX_BATCH_JOBS, ResultTimeoutError } from '@millrace/core'
import type { Engine } from '../engine.js'
import { resultChannel } from '../keyspace.js'
import { Subscriber } from '../link/subscriber.js'
import { getOutcomesScript, stopWaitingScript, waitOutcomeScript } from '../scripts.generated.js'
import { ExpectedEnds } from './expected-ends.js'
import { readOutcome } from './read-outcome.js'

/** Pending waits are read again this often, whatever pub/sub says. */
const REREAD_MS = 5_000

interface Wait {
  readonly ref: JobRef
  readonly channel: string
  readonly onProgress: ((valueJson: string) => void) | undefined
  end(outcome: StoredOutcome | 'gone'): void
}

/** The results role on Redis: subscribe, register, read; then messages, and reads again where one may have been missed. */
export class RedisResults implements ResultsPort {
  readonly #engine: Engine
  readonly #client = randomBytes(9).toString('base64url')
  readonly #waits = new Map<string, Set<Wait>>()
  readonly #expected = new ExpectedEnds()
  readonly #subscriber: Subscriber
  #rereader: NodeJS.Timeout | undefined

  constructor(engine: Engine) {
    this.#engine = engine
    this.#subscriber = new Subscriber(engine.target, {
      onMessage: (channel, message) => this.#receive(channel, message),
      onGap: () => this.#rereadAll(),
      onLost: () => this.#expected.clear(),
    })
  }

  expect(lane: Lane, ids: readonly string[]): string {
    const channel = resultChannel(this.#engine.keyspace, lane, this.#client)
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

  async wait(
    ref: JobRef,
    options: CallOptions & { readonly onProgress?: (valueJson: string) => void } = {},
  ): Promise<StoredOutcome | 'gone'> {
    options.signal?.throwIfAborted()
    const channel = resultChannel(this.#engine.keyspace, ref.lane, this.#client)
    const expected = this.#expected.take(channel + ref.id)
    if (expected?.outcome !== undefined) return readOutcome(expected.outcome)
    return new Promise((resolve, reject) => {
      const timer =
        options.timeoutMs === undefined
          ? undefined
          : setTimeout(
              () => fail(new ResultTimeoutError({ id: ref.id, timeoutMs: options.timeoutMs as number })),
              options.timeoutMs,
            )
      const stop = () => {
        clearTimeout(timer)
        options.signal?.removeEventListener('abort', aborted)
        this.#remove(wait)
      }
      const fail = (error: unknown) => {
        stop()
        // Another wait of this process on the same job stays registered.
        if (!this.#waits.has(channel + ref.id)) {
          void this.#engine
            .onLane(stopWaitingScript, ref.lane, [ref.id, this.#client], { timeoutMs: 2_000 })
            .catch(() => {})
        }
        reject(error)
      }
      const aborted = () => fail(options.signal?.reason)
      const wait: Wait = {
        ref,
        channel,
        onProgress: options.onProgress,
        end: (outcome) => {
          stop()
          resolve(outcome)
        },
      }
      options.signal?.addEventListener('abort', aborted, { once: true })
      this.#add(wait)
      const subscribed = this.#subscriber.add(channel)
      // Registered with its job, and nothing was missed since: it will be told.
      if (expected !== undefined) return
      subscribed.then(
        () => this.#read(wait, fail),
        (error: unknown) => fail(error),
      )
    })
  }

  close(): void {
    clearTimeout(this.#rereader)
    this.#rereader = undefined
    this.#subscriber.close()
  }

  async #read(wait: Wait, fail: (error: unknown) => void): Promise<void> {
    try {
      const answer = (await this.#engine.onLane(waitOutcomeScript, wait.ref.lane, [
        wait.ref.id,
        this.#client,
      ])) as string
      if (answer === 'G') this.#endAll(wait, 'gone')
      else if (answer[0] === 'E') this.#endAll(wait, readOutcome(answer.slice(1)))
    } catch (error) {
      // The store is away: the wait goes on, it is read again.
      if (!(error instanceof BrokerUnavailableError)) fail(error)
    }
  }

  #receive(channel: string, message: string): void {
    const newline = message.indexOf('\n')
    const id = message.slice(1, newline)
    const body = message.slice(newline + 1)
    if (message[0] === 'E') this.#expected.ended(channel + id, body)
    for (const wait of [...(this.#waits.get(channel + id) ?? [])]) {
      if (message[0] === 'P') wait.onProgress?.(body)
      else if (body === '') void this.#read(wait, () => {})
      else wait.end(readOutcome(body))
    }
  }

  #endAll(wait: Wait, outcome: StoredOutcome | 'gone'): void {
    for (const one of [...(this.#waits.get(wait.channel + wait.ref.id) ?? [])]) one.end(outcome)
  }

  #add(wait: Wait): void {
    const key = wait.channel + wait.ref.id
    const waits = this.#waits.get(key)
    if (waits === undefined) this.#waits.set(key, new Set([wait]))
    else waits.add(wait)
    this.#rereader ??= setInterval(() => this.#rereadAll(), REREAD_MS)
  }

  #remove(wait: Wait): void {
    const key = wait.channel + wait.ref.id
    const waits = this.#waits.get(key)
    if (waits === undefined || !waits.delete(wait)) return
    if (waits.size === 0) this.#waits.delete(key)
    this.#subscriber.remove(wait.channel)
    if (this.#waits.size === 0) {
      clearInterval(this.#rereader)
      this.#rereader = undefined
    }
  }

  #rereadAll(): void {
    for (const waits of this.#waits.values()) {
      const [first] = waits
      if (first !== undefined) void this.#read(first, () => {})
    }
  }
}
