import { context, propagation, trace } from '@opentelemetry/api'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'

/** A finished span, as plain data. */
export interface TestSpan {
  readonly name: string
  readonly kind: number
  readonly traceId: string
  readonly spanId: string
  readonly parentId: string | undefined
  readonly links: readonly string[]
  readonly attributes: Readonly<Record<string, unknown>>
  readonly events: readonly string[]
  readonly status: ReadableSpan['status']
}

const exporter = new InMemorySpanExporter()

/** Registers an SDK in this process; its spans stay in memory. */
export function registerSdk(): NodeTracerProvider {
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  provider.register()
  return provider
}

export function removeSdk(): void {
  exporter.reset()
  trace.disable()
  context.disable()
  propagation.disable()
}

/** The spans that have ended. */
export function endedSpans(): TestSpan[] {
  return exporter.getFinishedSpans().map((span) => ({
    name: span.name,
    kind: span.kind,
    traceId: span.spanContext().traceId,
    spanId: span.spanContext().spanId,
    parentId: span.parentSpanContext?.spanId,
    links: span.links.map((link) => link.context.spanId),
    attributes: span.attributes,
    events: span.events.map(({ name, attributes }) => `${name}: ${String(attributes?.['exception.message'])}`),
    status: span.status,
  }))
}
