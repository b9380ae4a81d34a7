import type { Coordinator } from '@millrace/coordination'
import { checkOptions, type Duration, InvalidOptionError, parseDuration } from '@millrace/core'

export interface LockOptions {
  /** How long the lock outlives a holder that died; it is renewed while its work runs. '200ms' to '1d'. Default '30s'. */
  readonly ttl?: Duration
  /** How long to try while others hold it. Default 0: one try. At most '1d'. */
  readonly wait?: Duration
  /** Gives up the wait. Has no effect once the lock is won. */
  readonly signal?: AbortSignal
}

/** A lock as its work sees it. */
export interface HeldLock {
  readonly key: string
  /** Larger than that of every holder before: a store that remembers the largest can refuse the writes of one that lost the lock. */
  readonly token: number
  /** Aborts when the lock is lost, before another can have it; and when it is given back. */
  readonly signal: AbortSignal
}

const DEFAULT_TTL = '30s'
const MIN_TTL_MS = 200
const MAX_MS = 86_400_000
/** Connections stay open so long after the last lock, for the next one; a process that has nothing else to do ends then. */
const LINGER_MS = 500

/** The locks of one app, on a coordinator that is open while any is wanted. */
export class AppLocks {
  readonly #openCoordinator: () => Promise<Coordinator>
  #coordinator: Promise<Coordinator> | undefined
  #users = 0
  #lingering: NodeJS.Timeout | undefined

  constructor(openCoordinator: () => Promise<Coordinator>) {
    this.#openCoordinator = openCoordinator
  }

  async hold<T>(key: string, options: LockOptions, work: (lock: HeldLock) => T | Promise<T>): Promise<T> {
    const {
      ttl = DEFAULT_TTL,
      wait = 0,
      signal,
    } = checkOptions(options, 'lock', ['ttl', 'wait', 'signal']) as LockOptions
    const ttlMs = within('ttl', ttl, MIN_TTL_MS)
    const waitMs = within('wait', wait, 0)
    if (typeof work !== 'function') {
      throw new InvalidOptionError({
        option: 'lock',
        found: work,
        expected: 'a function to run while the lock is held',
      })
    }
    this.#users += 1
    clearTimeout(this.#lingering)
    try {
      const coordinator = await this.#open()
      await using lock = await coordinator.lock(key, { ttlMs, waitMs, ...(signal !== undefined && { signal }) })
      return await work({ key, token: lock.token, signal: lock.signal })
    } finally {
      this.#users -= 1
      if (this.#users === 0) this.#lingering = setTimeout(() => void this.close(), LINGER_MS)
    }
  }

  /** Gives back what is held. The next call opens anew. */
  async close(): Promise<void> {
    clearTimeout(this.#lingering)
    const opened = this.#coordinator
    this.#coordinator = undefined
    await (await opened?.catch(() => undefined))?.close()
  }

  #open(): Promise<Coordinator> {
    const opening = this.#coordinator ?? this.#openCoordinator()
    this.#coordinator = opening
    opening.catch(() => {
      if (this.#coordinator === opening) this.#coordinator = undefined
    })
    return opening
  }
}

function within(option: string, duration: Duration, leastMs: number): number {
  const ms = parseDuration(duration, option)
  if (ms >= leastMs && ms <= MAX_MS) return ms
  throw new InvalidOptionError({ option, found: duration, expected: `${leastMs} ms to 1 day` })
}
