import {
  BrokerUnavailableError,
  InvalidNameError,
  InvalidOptionError,
  MillraceError,
  UniqueConflictError,
} from '@millrace/core'
import { Refusal } from './refusal.js'

/** Anything that was thrown, as an answer that shows neither stack nor address nor secret. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof InvalidOptionError || error instanceof InvalidNameError) {
    const message = error.message.slice(0, 500)
    return new Refusal('invalid-request', message, { issues: [{ path: 'request', message }] })
  }
  if (error instanceof UniqueConflictError) {
    return new Refusal('conflict', 'Its job of before has not ended, and its rule forbids two at a time.')
  }
  if (error instanceof BrokerUnavailableError) {
    return new Refusal('broker-unavailable', 'The broker does not answer: see whether Redis runs.')
  }
  if (error instanceof MillraceError) {
    return new Refusal(
      'broker-unavailable',
      `The broker refused the call (${error.code}): see the log of the dashboard.`,
    )
  }
  return new Refusal('internal', 'Something went wrong in the dashboard: see its log.')
}
