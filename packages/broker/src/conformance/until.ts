/**
 * Polls until `condition` gives something truthy and returns it; the way every case waits.
 *
 * @param label what is awaited, for the error text
 * @param options `withinMs`: deadline, default 20,000; `everyMs`: pause between two looks, default 10
 * @throws Error naming the label once the deadline has passed
 */
export async function until<T>(
  label: string,
  condition: () => T | Promise<T>,
  options: { readonly withinMs?: number; readonly everyMs?: number } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const withinMs = options.withinMs ?? 20_000
  const deadline = performance.now() + withinMs
  for (;;) {
    const value = await condition()
    if (value) return value as NonNullable<Exclude<T, false>>
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain for: ${label}`)
    await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? 10))
  }
}

/** Resolves once `ms` have passed since `from` (`performance.now()`); for cases about time itself. */
export async function untilElapsed(from: number, ms: number): Promise<void> {
  await until(`${ms} ms to pass`, () => performance.now() - from > ms, { withinMs: ms + 20_000 })
}
