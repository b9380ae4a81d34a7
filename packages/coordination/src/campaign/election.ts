import type { Clock } from '@millrace/core'
import type { ElectOptions, Term } from '../coordinator.js'
import { newHolder } from './identity.js'
import type { LockStore } from './lock-store.js'
import { jittered, pause } from './pause.js'
import { Tenure } from './tenure.js'
import { DEFAULT_TTL_MS, trustedUntil } from './trust-window.js'

/** After a release, candidates may split the servers among them; this many quick retries settle it. */
const QUICK_RETRIES = 5
const QUICK_RETRY_MS = 60
const SETTLE_MS = 20
/** Who has just led waits this long before the next try, so that the others, woken by the release, come first. */
const STAND_BACK_MS = 300
const FIRST_BACKOFF_MS = 50

export interface ElectionDeps {
  readonly store: LockStore
  readonly clock: Clock
  readonly resource: string
  /** Counts the terms of this coordinator. */
  nextTerm(): number
}

/** One candidate's part in one election. */
export class Election<Seen> {
  readonly #deps: ElectionDeps
  readonly #options: ElectOptions<Seen>
  readonly #ttlMs: number
  #tenure: Tenure | undefined
  #quickRetries = QUICK_RETRIES
  #faults = 0

  constructor(deps: ElectionDeps, options: ElectOptions<Seen>) {
    this.#deps = deps
    this.#options = options
    this.#ttlMs = options.ttlMs ?? DEFAULT_TTL_MS
  }

  /** Resolves when the options' signal has aborted and the running term, if any, is over. */
  async run(): Promise<void> {
    const { signal } = this.#options
    const watch = this.#deps.store.watch(this.#deps.resource)
    try {
      while (!signal.aborted) {
        watch.reset()
        const held = await this.#campaign()
        if (held.led) await pause(held.waitMs, signal)
        else if (await watch.wait(held.waitMs, signal)) {
          this.#quickRetries = QUICK_RETRIES
          // The other servers are being released in this same moment; a try that comes too soon splits them.
          await pause(jittered(SETTLE_MS), signal)
        }
      }
    } finally {
      watch.close()
    }
  }

  /** Gives back what is held without waiting for `onTerm`. */
  async abandon(): Promise<void> {
    await this.#tenure?.end('the coordinator was closed')
  }

  async #campaign(): Promise<{ led: boolean; waitMs: number }> {
    const { store, clock, resource } = this.#deps
    const seen = await this.#lookAround()
    if (seen === undefined) return { led: false, waitMs: this.#backoff() }
    if (this.#options.signal.aborted) return { led: false, waitMs: 0 }

    const holder = newHolder()
    const startedAt = clock.monotonic()
    const taking = await store.take(resource, holder, this.#ttlMs)
    if (!taking.won) {
      if (taking.fault !== undefined) {
        this.#report(taking.fault)
        return { led: false, waitMs: this.#backoff() }
      }
      this.#faults = 0
      return { led: false, waitMs: this.#waitFor(taking) }
    }
    if (this.#options.signal.aborted) {
      await store.giveBack(resource, holder, this.#ttlMs)
      return { led: false, waitMs: 0 }
    }
    // Redlock's validity check, sharper by the margin: a lock won too slowly to be trusted is not won.
    if (clock.monotonic() >= trustedUntil({ startedAt, ttlMs: this.#ttlMs })) {
      await store.giveBack(resource, holder, this.#ttlMs)
      this.#report(new Error(`winning ${resource} took so long that the lock could not be trusted any more`))
      return { led: false, waitMs: this.#backoff() }
    }
    const fine = await this.#lead({ holder, startedAt, token: taking.token, seen: seen.value })
    return { led: true, waitMs: fine ? jittered(Math.min(STAND_BACK_MS, this.#ttlMs / 3)) : this.#backoff() }
  }

  async #lookAround(): Promise<{ value: Seen } | undefined> {
    const { signal } = this.#options
    let unlisten = (): void => {}
    const aborted = new Promise<undefined>((resolve) => {
      const stop = (): void => resolve(undefined)
      signal.addEventListener('abort', stop)
      unlisten = () => signal.removeEventListener('abort', stop)
    })
    try {
      return await Promise.race([this.#options.beforeCampaign().then((value) => ({ value })), aborted])
    } catch (error) {
      this.#report(error)
      return undefined
    } finally {
      unlisten()
    }
  }

  async #lead(won: { holder: string; startedAt: number; token: number; seen: Seen }): Promise<boolean> {
    const { store, clock, resource } = this.#deps
    const { signal, candidate } = this.#options
    const tenure = new Tenure({
      store,
      clock,
      resource,
      holder: won.holder,
      ttlMs: this.#ttlMs,
      startedAt: won.startedAt,
      token: won.token,
      onFault: (error) => this.#report(error),
    })
    this.#tenure = tenure
    const stop = (): void => tenure.stepDown('the campaign has ended')
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    const term: Term = {
      candidate,
      number: this.#deps.nextTerm(),
      token: won.token,
      signal: tenure.signal,
      trusted: () => tenure.trusted(),
      resign: () => tenure.end('the term was resigned'),
    }
    try {
      await this.#options.onTerm(term, won.seen)
      this.#faults = 0
      return true
    } catch (error) {
      this.#report(error)
      return false
    } finally {
      signal.removeEventListener('abort', stop)
      await tenure.end('the term is over')
      this.#tenure = undefined
    }
  }

  #waitFor(refused: { split: boolean; freeInMs: number | undefined }): number {
    if (refused.split && this.#quickRetries > 0) {
      this.#quickRetries -= 1
      return jittered(QUICK_RETRY_MS)
    }
    if (refused.freeInMs === undefined) return jittered(this.#ttlMs / 3)
    // A lock that is renewed meanwhile is not free then either, and one that is let go says so: nobody has to ask before its end. A dead
    // holder's is tried for as soon as it runs out, by its candidates one after the other.
    return Math.min(refused.freeInMs, this.#ttlMs) + 5 + Math.random() * 45
  }

  #backoff(): number {
    this.#faults += 1
    return jittered(Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(this.#faults - 1, 10), this.#ttlMs / 3))
  }

  #report(error: unknown): void {
    try {
      this.#options.onFault?.(error)
    } catch {
      // What only listens must not end the campaign.
    }
  }
}
