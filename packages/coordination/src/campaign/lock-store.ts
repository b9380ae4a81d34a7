/** What a driver has to be able to do; elections and locks are built on it once, for all drivers. */
export interface LockStore {
  /**
   * Tries once to put `holder` on `resource` for `ttlMs`. When it is not won, no server keeps it longer than its TTL,
   * and every server that answers is asked to drop it. Bounded in time; never rejects.
   */
  take(resource: string, holder: string, ttlMs: number): Promise<Taking>
  /** Prolongs what `holder` holds, to `ttlMs` from now. Never touches what is another's. Bounded in time; never rejects. */
  renew(resource: string, holder: string, ttlMs: number): Promise<Renewal>
  /** Removes `holder` if it is still there, and wakes the watchers. Bounded in time; never rejects. */
  giveBack(resource: string, holder: string, ttlMs: number): Promise<void>
  /** Starts to listen for `giveBack` of others. */
  watch(resource: string): ReleaseWatch
  close(): Promise<void>
}

export type Taking =
  | {
      readonly won: true
      /** The fencing token: larger than that of every holder before. */
      readonly token: number
    }
  | {
      readonly won: false
      /** Nobody holds it on a majority: others may be trying at the same time, so a quick retry makes sense. */
      readonly split: boolean
      /** When the present holder's lock would run out, in ms from now, if that is known. */
      readonly freeInMs: number | undefined
      /** Set when too few servers answered to decide. */
      readonly fault: Error | undefined
    }

export type Renewal =
  | { readonly state: 'renewed' }
  /** A majority says that the lock is not this holder's. */
  | { readonly state: 'lost' }
  | { readonly state: 'unknown'; readonly fault: Error }

export interface ReleaseWatch {
  /** Forgets what was heard so far. */
  reset(): void
  /** True when a release was heard since `reset`, else false after `ms` or when `signal` aborts. Never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<boolean>
  close(): void
}
