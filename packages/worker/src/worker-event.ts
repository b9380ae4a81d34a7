import type { FailureRecord } from '@millrace/core'

/** What observers (`millrace dev`, tests) are told. Made only where `onEvent` is set. */
export type WorkerEvent =
  | (JobEvent & { readonly kind: 'started' })
  | (JobEvent & { readonly kind: 'succeeded'; readonly durationMs: number })
  | (JobEvent & { readonly kind: 'retried'; readonly delayMs: number; readonly failure: FailureRecord })
  | (JobEvent & { readonly kind: 'failed'; readonly failure: FailureRecord })
  | (JobEvent & { readonly kind: 'released'; readonly delayMs: number })
  | (JobEvent & { readonly kind: 'cancelled' })
  /** The attempt's time is up; its signal has aborted. */
  | (JobEvent & { readonly kind: 'timed-out'; readonly timeoutMs: number })
  /** The handler ignored its abort: its slot is free again, but it still runs somewhere. */
  | (JobEvent & { readonly kind: 'leaked' })
  /** The verdict was refused or given up: the job was no longer held. */
  | (JobEvent & { readonly kind: 'lost' })
  | { readonly kind: 'joined'; readonly lane: string; readonly incarnation: string }
  /** The lease of a lane ended, or may have: what ran there was aborted. */
  | { readonly kind: 'lease-lost'; readonly lane: string; readonly incarnation: string }
  | { readonly kind: 'broker-down'; readonly error: unknown }
  | { readonly kind: 'broker-up' }
  | { readonly kind: 'state'; readonly state: WorkerState }

export interface JobEvent {
  readonly jobId: string
  /** The name as the message gives it; empty where the message could not be read. */
  readonly task: string
  readonly queue: string
  readonly attempt: number
}

export type WorkerState = 'idle' | 'starting' | 'running' | 'quiet' | 'draining' | 'stopped'
