import type { FailureRecord } from '../failure/failure-record.js'

/**
 * What Millrace decided from an outcome. A closed union: every exit of a job is one of these.
 *
 * `outputJson` is opaque JSON text; `keepMs` 0 stores no result. The broker also hands `outputJson` to the
 * job that waits for it (a chain's next link, a chord's body), whatever `keepMs` says.
 */
export type Verdict =
  | { readonly kind: 'succeed'; readonly outputJson: string | undefined; readonly keepMs: number }
  | { readonly kind: 'retry'; readonly delayMs: number; readonly failure: FailureRecord }
  | { readonly kind: 'fail'; readonly failure: FailureRecord; readonly keepMs: number }
  | { readonly kind: 'release'; readonly delayMs: number }
  | { readonly kind: 'cancel' }

/** A success that stores nothing: the verdict of most jobs, shared so that it costs no allocation. */
export const SUCCEEDED: Verdict = Object.freeze({ kind: 'succeed', outputJson: undefined, keepMs: 0 })

/** The handler ran to completion under cancel, or never started because cancel was asked. */
export const CANCELLED: Verdict = Object.freeze({ kind: 'cancel' })
