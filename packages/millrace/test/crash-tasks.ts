import { appendFileSync } from 'node:fs'
import type { App } from 'millrace'

/** The same tasks in every process of a test; each handler first writes a line into the ledger. */
export function defineCrashTasks(app: App, ledger: string) {
  const note = (task: string, ctx: { jobId: string; crashes: number }, input: unknown) =>
    appendFileSync(ledger, `${JSON.stringify({ task, job: ctx.jobId, crashes: ctx.crashes, input })}\n`)
  return {
    effect: app.task('effect', { queue: 'here' }, (input, ctx) => {
      note('effect', ctx, input)
      return input
    }),
    /** Has an output, which is waited for. */
    told: app.task('told', { queue: 'here', results: { keep: '1h' } }, (input, ctx) => {
      note('told', ctx, input)
      return input
    }),
    /** Never ends in the worker that is to die with it; the next one lets it go. */
    hold: app.task('hold', { queue: 'here' }, (input, ctx) => {
      note('hold', ctx, input)
      return ctx.crashes === 0 ? new Promise(() => undefined) : input
    }),
    /** Ends its process, where that is a worker's own. */
    exit: app.task('exit', { queue: 'here' }, (input, ctx) => {
      note('exit', ctx, input)
      if (process.argv[2] === 'worker') process.exit(0)
    }),
    /** In a queue of its own: what comes before it reaches it through the outbox. */
    follow: app.task('follow', { queue: 'there' }, (input, ctx) => note('follow', ctx, input)),
  }
}
