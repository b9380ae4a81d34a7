import type { AppWorkerOptions } from 'millrace/worker'

/** What a child process is told, through its environment. */
export interface ChildOrder {
  readonly role: 'worker' | 'dispatcher'
  readonly app: string
  readonly url: string
  /** The file of its effect ledger. */
  readonly ledger: string
  readonly worker: ChildWorkerOptions
}

/** Worker options that can be written as JSON. */
export type ChildWorkerOptions = Pick<
  AppWorkerOptions,
  'concurrency' | 'lease' | 'heartbeat' | 'maxBlock' | 'grace' | 'dispatcher'
>

/** What it tells. */
export interface ChildReport {
  readonly kind: 'ready' | 'stopped' | 'lease-lost'
}
