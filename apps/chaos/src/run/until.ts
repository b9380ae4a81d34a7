const POLL_MS = 20

/** Waits for a named condition. Throws with its name when it has not come true within `timeoutMs`. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  if (!(await cameTrue(condition, timeoutMs))) throw new Error(`not within ${timeoutMs} ms: ${what}`)
}

/** As `until`, but tells whether it came true. */
export async function cameTrue(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  pollMs = POLL_MS,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    if (await condition()) return true
    if (performance.now() >= deadline) return false
    await pause(pollMs)
  }
}

/** Lets time pass: part of a fault's schedule, never a way to wait for something. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
