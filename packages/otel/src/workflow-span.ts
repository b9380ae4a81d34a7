import { context, type Span, type Tracer, trace } from '@opentelemetry/api'
import type { WorkflowCall } from 'millrace'
import { recordError } from './record-error.js'

interface OpenSpan {
  readonly span: Span
  /** Jobs that are not enqueued yet. */
  left: number
  ended: boolean
}

const spans = new WeakMap<WorkflowCall, OpenSpan>()

/**
 * Runs `send` inside the span of its workflow, which begins with the first job and ends with the last. It keeps the jobs in one trace
 * where nothing else does; a workflow of one job has no need of it.
 */
export async function withinWorkflow(tracer: Tracer, call: WorkflowCall, send: () => Promise<void>): Promise<void> {
  if (call.jobs === 1) return send()
  const open = spans.get(call) ?? openSpan(tracer, call)
  try {
    await context.with(trace.setSpan(context.active(), open.span), send)
    open.left -= 1
    if (open.left === 0) end(open)
  } catch (error) {
    // All of the workflow is refused. Other middleware may have stopped some of its jobs before they came here.
    end(open, error)
    throw error
  }
}

function openSpan(tracer: Tracer, call: WorkflowCall): OpenSpan {
  const span = tracer.startSpan('enqueue workflow', {
    attributes: { 'messaging.system': 'millrace', 'messaging.batch.message_count': call.jobs },
  })
  const open = { span, left: call.jobs, ended: false }
  spans.set(call, open)
  return open
}

function end(open: OpenSpan, error?: unknown): void {
  if (open.ended) return
  open.ended = true
  if (error !== undefined) recordError(open.span, error)
  open.span.end()
}
