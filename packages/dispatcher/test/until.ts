/** Polls until `condition` holds. Rejects, naming `label`, when it does not within `withinMs` (default 20,000). */
export async function until(
  label: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 20_000,
): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain for: ${label}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
