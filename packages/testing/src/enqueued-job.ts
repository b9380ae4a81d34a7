/** A job that was put on a queue during the test. */
export interface EnqueuedJob<Input = unknown> {
  readonly id: string
  readonly task: string
  readonly queue: string
  /** As it was given, through JSON; of a later link of a workflow its static part, or null. */
  readonly input: Input
  readonly headers: Readonly<Record<string, string>>
  /** When it becomes ready: its `delay` or `at`; `undefined` for at once, and for a job that waits for others. */
  readonly readyAt: Date | undefined
  readonly priority: number
  readonly enqueuedAt: Date
}
