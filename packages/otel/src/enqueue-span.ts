import { context, type Link, propagation, ROOT_CONTEXT, SpanKind, type Tracer, trace } from '@opentelemetry/api'
import type { EnqueueMessage, EnqueueMiddleware } from 'millrace'
import { hostTracer } from './host-tracer.js'
import { jobAttributes } from './job-attributes.js'
import { recordError } from './record-error.js'
import { withinWorkflow } from './workflow-span.js'

/** A producer span around a call. All jobs of the call carry its context, unless the caller gave them one. */
export const spanEnqueue: EnqueueMiddleware = (message, next) => {
  const tracer = hostTracer()
  if (tracer === undefined) return next()
  const send = () => spanned(tracer, message, next)
  return message.workflow === undefined ? send() : withinWorkflow(tracer, message.workflow, send)
}

async function spanned(tracer: Tracer, message: EnqueueMessage, send: () => Promise<void>): Promise<void> {
  const { inputs, headers } = message
  const span = tracer.startSpan(`enqueue ${message.task}`, {
    kind: SpanKind.PRODUCER,
    attributes: {
      ...jobAttributes('enqueue', message),
      ...(inputs.length !== 1 && { 'messaging.batch.message_count': inputs.length }),
    },
    links: linksTo(headers),
  })
  const within = trace.setSpan(context.active(), span)
  if (headers.traceparent === undefined) propagation.inject(within, headers)
  try {
    await context.with(within, send)
    const [id, ...others] = message.ids
    if (id !== undefined && others.length === 0) span.setAttribute('messaging.message.id', id)
  } catch (error) {
    recordError(span, error)
    throw error
  } finally {
    span.end()
  }
}

/** Of jobs that carry a context of the caller's already. */
function linksTo(headers: Readonly<Record<string, string>>): Link[] {
  if (headers.traceparent === undefined) return []
  const given = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, headers))
  return given === undefined ? [] : [{ context: given }]
}
