import type { Clock } from '@millrace/core'
import type { LockStore } from './lock-store.js'
import { renewEveryMs, trustedUntil } from './trust-window.js'

export interface TenureOptions {
  readonly store: LockStore
  readonly clock: Clock
  readonly resource: string
  readonly holder: string
  readonly ttlMs: number
  /** Monotonic ms, read before the lock was asked for. */
  readonly startedAt: number
  readonly token: number
  onFault(error: unknown): void
}

/**
 * One held lock, from winning to giving back: renews it for its own holder and knows until when it may be believed in.
 *
 * Invariant: `signal` aborts, and `trusted()` turns false, before any server could have let the lock expire. The clock
 * decides, the timers only hurry it along; once false it stays false.
 */
export class Tenure {
  readonly holder: string
  readonly #options: TenureOptions
  readonly #controller = new AbortController()
  #trustedUntil: number
  #trustTimer: NodeJS.Timeout | undefined
  #renewTimer: NodeJS.Timeout | undefined
  #renewing: Promise<void> = Promise.resolve()
  #ended: Promise<void> | undefined

  constructor(options: TenureOptions) {
    this.#options = options
    this.holder = options.holder
    this.#trustedUntil = trustedUntil(options)
    this.#armTrust()
    this.#armRenewal(options.startedAt + renewEveryMs(options.ttlMs))
  }

  get token(): number {
    return this.#options.token
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  trusted(): boolean {
    if (this.#controller.signal.aborted) return false
    if (this.#options.clock.monotonic() < this.#trustedUntil) return true
    this.stepDown('the lock could not be renewed in time')
    return false
  }

  /** Stops renewing and trusting, but leaves the lock where it is, so that the holder can finish what is under way. */
  stepDown(why: string): void {
    clearTimeout(this.#trustTimer)
    clearTimeout(this.#renewTimer)
    if (!this.#controller.signal.aborted) this.#controller.abort(new Error(why))
  }

  /** Steps down and gives the lock back. Never rejects; safe to repeat. */
  end(why: string): Promise<void> {
    this.stepDown(why)
    this.#ended ??= this.#giveBack()
    return this.#ended
  }

  async #giveBack(): Promise<void> {
    const { store, resource, holder, ttlMs } = this.#options
    // A renewal that overtook the release would keep the next holder out for a whole TTL.
    await this.#renewing
    await store.giveBack(resource, holder, ttlMs)
  }

  #armTrust(): void {
    clearTimeout(this.#trustTimer)
    const left = this.#trustedUntil - this.#options.clock.monotonic()
    this.#trustTimer = setTimeout(
      () => {
        if (this.trusted()) this.#armTrust()
      },
      Math.max(left, 1),
    )
  }

  #armRenewal(at: number): void {
    clearTimeout(this.#renewTimer)
    this.#renewTimer = setTimeout(
      () => {
        // A thawed process comes here with its trust run out: it must not prolong what it may no longer own.
        if (this.trusted()) this.#renewing = this.#renew()
      },
      Math.max(at - this.#options.clock.monotonic(), 0),
    )
  }

  async #renew(): Promise<void> {
    const { store, clock, resource, holder, ttlMs, onFault } = this.#options
    const startedAt = clock.monotonic()
    const renewal = await store.renew(resource, holder, ttlMs)
    if (!this.trusted()) return
    if (renewal.state === 'lost') {
      onFault(new Error(`the lock ${resource} was lost: its servers no longer hold it for this holder`))
      this.stepDown('the lock was lost')
    } else if (renewal.state === 'unknown') {
      onFault(renewal.fault)
      // Trust still ends at the deadline of the last renewal that succeeded; ask again well before it.
      this.#armRenewal(clock.monotonic() + renewEveryMs(ttlMs) / 4)
    } else {
      this.#trustedUntil = trustedUntil({ startedAt, ttlMs })
      this.#armTrust()
      this.#armRenewal(startedAt + renewEveryMs(ttlMs))
    }
  }
}
