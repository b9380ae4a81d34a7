import type { Middleware } from 'millrace'
import { spanAttempt } from './attempt-span.js'
import { spanEnqueue } from './enqueue-span.js'

/**
 * Spans for `app.use`: one per call of `enqueue` and `enqueueMany` and per job of a workflow, one per attempt, in one trace over all
 * processes: the context travels in the job's headers, as the registered propagator writes it (by default `traceparent` and `tracestate`).
 * While no SDK is registered nothing is made, and nothing is added to jobs.
 */
export function openTelemetry(): Middleware {
  return { enqueue: spanEnqueue, execute: spanAttempt }
}
