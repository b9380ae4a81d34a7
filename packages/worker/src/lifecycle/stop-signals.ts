const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/** Calls `stop` at every SIGTERM and SIGINT until the returned function is called. The second call means: at once. */
export function onStopSignals(stop: (signal: string) => void): () => void {
  const handlers = SIGNALS.map((signal) => [signal, () => stop(signal)] as const)
  for (const [signal, handler] of handlers) process.on(signal, handler)
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler)
  }
}
