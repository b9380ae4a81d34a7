import { ProxyTracerProvider, type Tracer, trace } from '@opentelemetry/api'

const NAME = '@millrace/otel'

/** The host's tracer, `undefined` while no SDK is registered. Asked at each call: an SDK may be registered after the app was made. */
export function hostTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider()
  return provider instanceof ProxyTracerProvider ? provider.getDelegateTracer(NAME) : provider.getTracer(NAME)
}
