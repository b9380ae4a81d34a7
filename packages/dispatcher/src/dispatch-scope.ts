import type { CallOptions, DispatchPort, Epoch, Lane } from '@millrace/broker'

/** What a duty works on: one lane, under one epoch. */
export interface DispatchScope {
  readonly dispatch: DispatchPort
  readonly lane: Lane
  readonly epoch: Epoch
}

/** Shorter than the drivers' own 10 s: while one call hangs, its lane waits. */
export const CALL: CallOptions = { timeoutMs: 5_000 }
