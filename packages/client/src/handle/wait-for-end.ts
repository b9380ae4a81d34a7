import type { JobRef, StoredOutcome } from '@millrace/broker'
import { parseDuration, ResultTimeoutError } from '@millrace/core'
import type { KnownBroker } from '../known-broker.js'
import type { WaitOptions } from '../ports/job-handle.js'

/** Node's timers overflow above this many ms (24.8 days). */
const MAX_TIMER_MS = 2 ** 31 - 1

type EndOptions = WaitOptions & { readonly onProgress?: (valueJson: string) => void }

/** Resolves with how the job ended, or `'gone'` where it had ended and left nothing. */
export function waitForEnd(broker: KnownBroker, ref: JobRef, options?: EndOptions): Promise<StoredOutcome | 'gone'> {
  if (options !== undefined) return waitWithin(broker, ref, options)
  const known = broker.get()
  return known instanceof Promise ? known.then(({ results }) => results.wait(ref, {})) : known.results.wait(ref, {})
}

async function waitWithin(broker: KnownBroker, ref: JobRef, options: EndOptions): Promise<StoredOutcome | 'gone'> {
  const { timeout, signal, onProgress } = options
  const timeoutMs = timeout === undefined ? undefined : parseDuration(timeout, 'timeout')
  signal?.throwIfAborted()
  const given = new AbortController()
  const onAbort = () => given.abort(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(
          () => given.abort(new ResultTimeoutError({ id: ref.id, timeoutMs })),
          Math.min(timeoutMs, MAX_TIMER_MS),
        )
  try {
    // The reason of giving up wins over whatever the driver makes of the abort.
    return await new Promise((resolve, reject) => {
      given.signal.addEventListener('abort', () => reject(given.signal.reason), { once: true })
      Promise.resolve(broker.get())
        .then(({ results }) => results.wait(ref, { signal: given.signal, ...(onProgress && { onProgress }) }))
        .then(resolve, reject)
    })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}
