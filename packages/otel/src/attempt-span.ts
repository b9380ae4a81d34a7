import { context, propagation, ROOT_CONTEXT, type Span, SpanKind, trace } from '@opentelemetry/api'
import type { AttemptVerdict, AttemptView, ExecuteMiddleware } from 'millrace'
import { hostTracer } from './host-tracer.js'
import { jobAttributes } from './job-attributes.js'
import { recordError } from './record-error.js'

const OUTCOMES: Readonly<Record<AttemptVerdict['kind'], string>> = {
  succeed: 'succeeded',
  retry: 'retried',
  fail: 'failed',
  release: 'released',
  cancel: 'cancelled',
  lost: 'lost',
}

/** A consumer span around the handler of an attempt, a child of the span that enqueued the job. It ends with the verdict. */
export const spanAttempt: ExecuteMiddleware = (attempt, next) => {
  const tracer = hostTracer()
  if (tracer === undefined) return next()
  const creation = propagation.extract(ROOT_CONTEXT, attempt.headers)
  const options = { kind: SpanKind.CONSUMER, attributes: attributesOf(attempt) }
  const span = tracer.startSpan(`attempt ${attempt.task}`, options, creation)
  void attempt.verdict.then((verdict) => {
    tellVerdict(span, verdict)
    span.end()
  })
  return context.with(trace.setSpan(creation, span), next)
}

function attributesOf(attempt: AttemptView) {
  const { crashes } = attempt.ctx
  return {
    ...jobAttributes('attempt', attempt),
    'messaging.message.id': attempt.jobId,
    'millrace.attempt': attempt.attempt,
    ...(crashes > 0 && { 'millrace.crashes': crashes }),
  }
}

function tellVerdict(span: Span, { kind, failure, error, delayMs }: AttemptVerdict): void {
  span.setAttribute('millrace.outcome', OUTCOMES[kind])
  if (delayMs !== undefined) span.setAttribute('millrace.retry_delay_ms', delayMs)
  if (failure === undefined) return
  span.setAttribute('millrace.failure.reason', failure.reason)
  // A handler that asks for another attempt has met no error.
  if (failure.reason !== 'retry-asked' || kind === 'fail') recordError(span, error ?? failure)
}
