import type { AppWorkerOptions } from 'millrace/worker'
import type { Metronome } from '../check/app-reading.js'
import type { EffectAsked } from '../check/effect-register.js'

/** What a child process is told, through its environment. */
export interface ChildOrder {
  readonly role: 'worker' | 'dispatcher'
  readonly app: string
  readonly url: string
  /** The file of its effect ledger. */
  readonly ledger: string
  readonly worker: ChildWorkerOptions
  /** What its code schedules. */
  readonly metronomes: readonly Metronome[]
}

/** Worker options that can be written as JSON. */
export type ChildWorkerOptions = Pick<
  AppWorkerOptions,
  'concurrency' | 'lease' | 'heartbeat' | 'maxBlock' | 'grace' | 'dispatcher'
>

/** What it tells. */
export type ChildReport =
  | { readonly kind: 'ready' | 'stopped' | 'lease-lost' }
  | { readonly kind: 'effect'; readonly number: number; readonly effect: EffectAsked }

/** What it is told while it runs. */
export type ChildCommand =
  /** The effect of that number was taken or refused. */
  | { readonly kind: 'effect-answered'; readonly number: number }
  /** Its wall clock goes on from another time. */
  | { readonly kind: 'jump-clock'; readonly byMs: number }
  /** Its event loop stands still for so long. */
  | { readonly kind: 'block-loop'; readonly ms: number }
