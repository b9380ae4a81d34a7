import { Command } from 'ioredis'
import type { RedisClient, RedisTarget } from './address.js'
import { Backoff } from './backoff.js'
import { connect } from './connect.js'

/** The longest that a blocking call waits on the server. */
export const BLOCK_MS = 5_000
/** Beyond the block time, until a silent socket is taken for dead. */
const GRACE_MS = 700

interface Pop {
  readonly keys: string
  readonly client: RedisClient
  readonly since: number
  /** Who waits for it, if anybody. */
  waiter: Waiter | undefined
}

interface Waiter {
  /** The key whose element was taken; `undefined` when the block time was over. */
  answered(key: string | undefined): void
  /** No reply will come: connection lost, socket silent. */
  lost(): void
}

/**
 * A connection of its own for blocking pops. Bounded: the server answers within 5 s; no answer 0.7 s later means a half-open
 * socket, and a new client takes its place: work goes on within 6 s. Never rejects: an unreachable server looks like a poll that found nothing.
 *
 * A pop that its caller gave up goes on at the server. The next call for the same keys takes it over; an element that it
 * takes meanwhile is handed to `giveBack`, so that nobody's wake-up is swallowed.
 */
export class BlockingLink {
  readonly #target: RedisTarget
  readonly #giveBack: (key: string) => void
  readonly #backoff = new Backoff()
  #client: RedisClient | undefined
  #pop: Pop | undefined
  #closed = false

  constructor(target: RedisTarget, giveBack: (key: string) => void) {
    this.#target = target
    this.#giveBack = giveBack
  }

  /**
   * Waits until one of the lists has an element, and takes it. Returns its key; `undefined` after at most 5 s, when `signal`
   * aborts, or when the connection is lost. One call at a time.
   */
  pop(keys: readonly string[], signal: AbortSignal): Promise<string | undefined> {
    if (signal.aborted || this.#closed || keys.length === 0) return NOTHING
    const joined = keys.join(' ')
    if (this.#pop !== undefined && this.#pop.keys !== joined) this.#replace(this.#pop.client)
    if (this.#pop !== undefined) return this.#wait(this.#pop, signal)
    if (this.#client !== undefined) return this.#wait(this.#start(this.#client, keys), signal)
    return this.#open(signal).then((client) => {
      if (client === undefined || signal.aborted) return undefined
      return this.#wait(this.#start(client, keys), signal)
    })
  }

  #start(client: RedisClient, keys: readonly string[]): Pop {
    const command = new Command('blpop', [...keys, String(BLOCK_MS / 1000)], { replyEncoding: 'utf8' })
    const pop: Pop = { keys: keys.join(' '), client, since: performance.now(), waiter: undefined }
    this.#pop = pop
    const over = () => {
      if (this.#pop === pop) this.#pop = undefined
    }
    ;(client.sendCommand(command) as Promise<unknown>).then(
      (value) => {
        over()
        const key = Array.isArray(value) ? String(value[0]) : undefined
        if (pop.waiter !== undefined) pop.waiter.answered(key)
        else if (key !== undefined) this.#giveBack(key)
      },
      () => {
        over()
        pop.waiter?.lost()
      },
    )
    return pop
  }

  /** The pop's reply, or `undefined` when the caller gives up or no reply will come. */
  #wait(pop: Pop, signal: AbortSignal): Promise<string | undefined> {
    return new Promise((resolve) => {
      const end = () => {
        pop.waiter = undefined
        clearTimeout(timer)
        signal.removeEventListener('abort', abandon)
        pop.client.off('close', lost)
      }
      const abandon = () => {
        resolve(undefined)
        end()
      }
      const lost = () => {
        resolve(undefined)
        end()
        this.#replace(pop.client)
      }
      const timer = setTimeout(lost, pop.since + BLOCK_MS + GRACE_MS - performance.now())
      signal.addEventListener('abort', abandon, { once: true })
      pop.client.once('close', lost)
      pop.waiter = {
        answered: (key) => {
          resolve(key)
          end()
        },
        lost,
      }
    })
  }

  close(): void {
    this.#closed = true
    if (this.#client) this.#replace(this.#client)
  }

  async #open(signal: AbortSignal): Promise<RedisClient | undefined> {
    await pauseUnless(signal, this.#backoff.delay())
    if (signal.aborted || this.#closed) return undefined
    let client: RedisClient
    try {
      client = await connect(this.#target)
    } catch {
      this.#backoff.failed()
      await pauseUnless(signal, this.#backoff.next())
      return undefined
    }
    if (this.#closed) {
      client.disconnect(false)
      return undefined
    }
    this.#backoff.reset()
    this.#client = client
    return client
  }

  #replace(client: RedisClient): void {
    if (this.#client === client) this.#client = undefined
    if (this.#pop?.client === client) this.#pop = undefined
    client.disconnect(false)
  }
}

const NOTHING: Promise<undefined> = Promise.resolve(undefined)

function pauseUnless(signal: AbortSignal, ms: number): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}
