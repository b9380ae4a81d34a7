import type { CallOptions, JobRef, ResultsPort, StoredOutcome } from '@millrace/broker'
import { ResultTimeoutError } from '@millrace/core'
import type { Connection } from '../connection.js'
import type { LaneStore, Waiter } from '../store/lane-store.js'

export class MemoryResults implements ResultsPort {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async get(refs: readonly JobRef[]): Promise<readonly (StoredOutcome | undefined)[]> {
    return refs.map((ref) => outcomeOf(this.#connection.lane(ref.lane), ref.id))
  }

  async wait(
    ref: JobRef,
    options: CallOptions & { readonly onProgress?: (valueJson: string) => void } = {},
  ): Promise<StoredOutcome | 'gone'> {
    const store = this.#connection.lane(ref.lane)
    const { signal, timeoutMs } = options
    signal?.throwIfAborted()
    const outcome = outcomeOf(store, ref.id)
    if (outcome !== undefined) return outcome
    if (!store.jobs.has(ref.id)) return 'gone'
    const signals = signal === undefined ? [this.#connection.closed] : [signal, this.#connection.closed]
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        ended: (ended) => {
          stop()
          resolve(ended)
        },
        progress: options.onProgress,
      }
      const giveUp = (reason: unknown) => {
        stop()
        unregister(store, ref.id, waiter)
        reject(reason)
      }
      const aborted = (event: Event) => giveUp((event.target as AbortSignal).reason)
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => giveUp(new ResultTimeoutError({ id: ref.id, timeoutMs })), timeoutMs)
      const stop = () => {
        clearTimeout(timer)
        for (const each of signals) each.removeEventListener('abort', aborted)
      }
      for (const each of signals) each.addEventListener('abort', aborted)
      const waiters = store.waiters.get(ref.id) ?? new Set()
      store.waiters.set(ref.id, waiters.add(waiter))
    })
  }
}

/** A failed job tells how it ended for as long as it is in the failed set. */
function outcomeOf(store: LaneStore, id: string): StoredOutcome | undefined {
  const kept = store.keptOutcome(id)
  if (kept !== undefined) return kept
  const job = store.jobs.get(id)
  const failure = job?.place === 'failed' ? job.history.at(-1) : undefined
  return job === undefined || failure === undefined
    ? undefined
    : { state: 'failed', failure, attempts: job.attemptsUsed }
}

function unregister(store: LaneStore, id: string, waiter: Waiter): void {
  const waiters = store.waiters.get(id)
  waiters?.delete(waiter)
  if (waiters?.size === 0) store.waiters.delete(id)
}
