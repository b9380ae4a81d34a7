import type { Lane } from '@millrace/broker'

/** How the lease keeper thread is started. */
export interface KeeperStart {
  readonly memory: SharedArrayBuffer
  readonly slots: number
  readonly moduleUrl: string
  readonly moduleOptions: unknown
  readonly heartbeatMs: number
  readonly leaseMs: number
  readonly maxBlockMs: number
}

/** To the thread. */
export type KeeperOrder =
  | { readonly kind: 'add'; readonly slot: number; readonly lane: Lane; readonly incarnation: string }
  | { readonly kind: 'remove'; readonly slot: number }
  | { readonly kind: 'stop' }

/** From the thread, of one seat. Times are `processMonotonicMs`. */
export type SeatReport =
  | {
      readonly kind: 'beaten'
      readonly slot: number
      readonly incarnation: string
      readonly sentAt: number
      readonly tokens: number
      readonly cancelled: readonly string[]
    }
  | { readonly kind: 'fenced'; readonly slot: number; readonly incarnation: string }

/** From the thread. */
export type KeeperReport =
  | SeatReport
  | { readonly kind: 'failed'; readonly message: string }
  /** Nothing is sent for this slot any more: it may be given to another seat. */
  | { readonly kind: 'removed'; readonly slot: number }
  /** The main thread said nothing for longer than `maxBlock`: its leases are let go. */
  | { readonly kind: 'let-go'; readonly silentMs: number }
