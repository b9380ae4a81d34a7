import type { FailureRecord } from '@millrace/core'
import type { Reservation, Settlement } from '../ports/consumer.js'
import type { JobAttrs, NewJob } from '../ports/producer.js'

/** A wire message with this input. Brokers treat it as opaque JSON. */
export function messageOf(input: unknown = {}): string {
  return JSON.stringify([1, 't', input, 1_700_000_000_000])
}

export function job(id: string, attrs?: JobAttrs, message = messageOf({ id })): NewJob {
  return attrs === undefined ? { id, message } : { id, message, attrs }
}

/** `count` ordinary jobs whose ids sort in the order of enqueueing. */
export function jobs(count: number, prefix = 'j'): NewJob[] {
  return Array.from({ length: count }, (_, index) => job(`${prefix}-${String(index).padStart(6, '0')}`))
}

export function ids(things: readonly { readonly id: string }[]): string[] {
  return things.map((thing) => thing.id)
}

export function failureOf(message = 'boom', attempt = 1): FailureRecord {
  return { name: 'Error', message, reason: 'error', attempt, at: Date.now() }
}

export function succeed(reservation: Reservation, outputJson?: string, keepMs = 0): Settlement {
  return { reservation, verdict: { kind: 'succeed', outputJson, keepMs } }
}

export function retry(reservation: Reservation, delayMs = 0, message = 'boom'): Settlement {
  return { reservation, verdict: { kind: 'retry', delayMs, failure: failureOf(message, reservation.attemptsUsed + 1) } }
}

export function fail(reservation: Reservation, keepMs = 0, message = 'boom'): Settlement {
  return { reservation, verdict: { kind: 'fail', keepMs, failure: failureOf(message, reservation.attemptsUsed + 1) } }
}

export function release(reservation: Reservation, delayMs = 0): Settlement {
  return { reservation, verdict: { kind: 'release', delayMs } }
}

export function cancel(reservation: Reservation): Settlement {
  return { reservation, verdict: { kind: 'cancel' } }
}
