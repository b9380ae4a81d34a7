import type { JobRef } from '@millrace/broker'
import type { KnownBroker } from '../known-broker.js'
import type { WaitOptions } from '../ports/job-handle.js'
import { waitForEnd } from './wait-for-end.js'

const MAX_WAITING = 1_000

/** Yields progress values until the job ends; rejects as the wait does. Leaving the loop gives up the wait. */
export async function* watchProgress(
  broker: KnownBroker,
  ref: JobRef,
  options: WaitOptions = {},
): AsyncGenerator<unknown, void, undefined> {
  const left = new AbortController()
  const signal = options.signal === undefined ? left.signal : AbortSignal.any([left.signal, options.signal])
  const values: string[] = []
  let wake = () => {}
  let ended = false
  let failure: { readonly error: unknown } | undefined
  const onProgress = (valueJson: string) => {
    if (values.length === MAX_WAITING) values.shift()
    values.push(valueJson)
    wake()
  }
  const settle = (error?: { readonly error: unknown }) => {
    ended = true
    failure = error
    wake()
  }
  waitForEnd(broker, ref, { ...options, signal, onProgress }).then(
    () => settle(),
    (error: unknown) => settle({ error }),
  )
  try {
    while (true) {
      for (let next = values.shift(); next !== undefined; next = values.shift()) yield JSON.parse(next)
      if (failure !== undefined) throw failure.error
      if (ended) return
      const { promise, resolve } = Promise.withResolvers<void>()
      wake = resolve
      await promise
    }
  } finally {
    left.abort()
  }
}
