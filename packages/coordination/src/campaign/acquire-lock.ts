import { BrokerUnavailableError, type Clock, LockNotWonError } from '@millrace/core'
import type { Lock, LockOptions } from '../coordinator.js'
import { newHolder } from './identity.js'
import type { LockStore, ReleaseWatch } from './lock-store.js'
import { jittered } from './pause.js'
import { Tenure } from './tenure.js'
import { trustedUntil } from './trust-window.js'

export interface LockRequest extends Required<Omit<LockOptions, 'signal'>> {
  readonly store: LockStore
  readonly clock: Clock
  readonly key: string
  readonly resource: string
  /** The caller's signal and the coordinator's closing. */
  readonly signal: AbortSignal
}

/** Tries until the lock is won, `waitMs` is over or `signal` aborts. */
export async function acquireLock(request: LockRequest): Promise<Tenure> {
  const { store, clock, resource, signal, waitMs, ttlMs } = request
  const deadline = clock.monotonic() + waitMs
  const watch = store.watch(resource)
  try {
    for (;;) {
      signal.throwIfAborted()
      watch.reset()
      const { tenure, refused } = await tryLock(request)
      if (tenure !== undefined) {
        if (!signal.aborted) return tenure
        await tenure.end('the wait for the lock was given up')
        signal.throwIfAborted()
      }
      const left = deadline - clock.monotonic()
      if (left <= 0) {
        if (refused?.fault === undefined) throw new LockNotWonError({ key: request.key, waitMs })
        throw new BrokerUnavailableError({ what: `lock '${request.key}' was not won`, cause: refused.fault })
      }
      await waitForTurn({ watch, signal, ttlMs, left, freeInMs: refused?.freeInMs, split: refused?.split ?? false })
    }
  } finally {
    watch.close()
  }
}

/** The public face of a held lock. */
export function toLock(key: string, tenure: Tenure): Lock {
  const release = (): Promise<void> => tenure.end('the lock was released')
  const { token, signal } = tenure
  return { key, token, signal, release, [Symbol.asyncDispose]: release }
}

interface Refusal {
  readonly split: boolean
  readonly freeInMs: number | undefined
  readonly fault: Error | undefined
}

async function tryLock(request: LockRequest): Promise<{ tenure?: Tenure; refused?: Refusal }> {
  const { store, clock, resource, ttlMs } = request
  const holder = newHolder()
  const startedAt = clock.monotonic()
  const taking = await store.take(resource, holder, ttlMs)
  if (!taking.won) return { refused: taking }
  if (clock.monotonic() >= trustedUntil({ startedAt, ttlMs })) {
    await store.giveBack(resource, holder, ttlMs)
    const fault = new Error(`winning ${resource} took so long that the lock could not be trusted any more`)
    return { refused: { split: false, freeInMs: undefined, fault } }
  }
  // A lock's holder learns of failed renewals by its signal alone.
  const { token } = taking
  return { tenure: new Tenure({ store, clock, resource, holder, ttlMs, startedAt, token, onFault: () => {} }) }
}

interface Turn {
  readonly watch: ReleaseWatch
  readonly signal: AbortSignal
  readonly ttlMs: number
  readonly left: number
  readonly split: boolean
  readonly freeInMs: number | undefined
}

async function waitForTurn({ watch, signal, ttlMs, left, split, freeInMs }: Turn): Promise<void> {
  const poll = jittered(Math.min(ttlMs / 3, split ? 60 : 1_000))
  const soon = freeInMs === undefined ? poll : Math.min(poll, freeInMs + 5 + Math.random() * 45)
  await watch.wait(Math.min(soon, left), signal)
}
