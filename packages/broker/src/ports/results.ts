import type { FailureRecord } from '@millrace/core'
import type { CallOptions } from './call.js'
import type { JobRef } from './lane.js'

/** How a job ended, as far as the store still knows. */
export type StoredOutcome =
  | { readonly state: 'succeeded'; readonly outputJson: string | undefined }
  | { readonly state: 'failed'; readonly failure: FailureRecord; readonly attempts: number }
  | { readonly state: 'cancelled' }
  | { readonly state: 'expired' }

export interface ResultsPort {
  /** The outcomes of ended jobs; `undefined` where the job still lives or left no outcome. */
  get(refs: readonly JobRef[], options?: CallOptions): Promise<readonly (StoredOutcome | undefined)[]>
  /**
   * Resolves when the job has ended. From registration on its end is kept for this waiter even where no result is stored.
   * `'gone'`: it had ended before (or never was) and left nothing. Rejects only by `signal` or `timeoutMs`.
   */
  wait(
    ref: JobRef,
    options?: CallOptions & { readonly onProgress?: (valueJson: string) => void },
  ): Promise<StoredOutcome | 'gone'>
}
