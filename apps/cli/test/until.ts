const DEADLINE_MS = 20_000
const LOOK_EVERY_MS = 20

/** Waits until the condition holds, and says what it waited for when it does not within `deadlineMs` (default 20 s). */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  deadlineMs = DEADLINE_MS,
): Promise<void> {
  const deadline = Date.now() + deadlineMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited ${deadlineMs / 1_000} s for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}
