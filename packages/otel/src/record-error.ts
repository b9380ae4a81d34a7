import { type Span, SpanStatusCode } from '@opentelemetry/api'

/** Marks a span as failed of what was thrown, or of what is stored of it. */
export function recordError(span: Span, error: unknown): void {
  const { name, message, stack } = asError(error)
  span.recordException({ name, message, ...(stack !== undefined && { stack }) })
  span.setAttribute('error.type', name)
  span.setStatus({ code: SpanStatusCode.ERROR, message })
}

/** Anything can be thrown. */
function asError(error: unknown): {
  readonly name: string
  readonly message: string
  readonly stack?: string | undefined
} {
  if (typeof error !== 'object' || error === null) return { name: '_OTHER', message: String(error) }
  const { name, message, stack } = error as Record<string, unknown>
  return {
    name: typeof name === 'string' && name !== '' ? name : '_OTHER',
    message: typeof message === 'string' ? message : '',
    stack: typeof stack === 'string' ? stack : undefined,
  }
}
