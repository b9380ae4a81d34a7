import { openTelemetry } from '@millrace/otel'
import { type App, createApp } from 'millrace'
import { z } from 'zod'

/** Tasks whose jobs do what the tests of traces need. */
export function traceTasks(app: App) {
  app.use(openTelemetry())
  const child = app.task('child', { output: z.number() }, () => 1)
  const parent = app.task('parent', { output: z.number() }, async () => {
    await child.enqueue(undefined)
    return 2
  })
  const flaky = app.task(
    'flaky',
    { retry: { attempts: 3, backoff: { kind: 'fixed', delay: 1 } }, output: z.number() },
    (_input, ctx) => {
      if (ctx.attempt < 3) throw new RangeError(`attempt ${ctx.attempt} is too few`)
      return ctx.attempt
    },
  )
  return { app, child, parent, flaky }
}

export const redisTasks = (broker: string) => traceTasks(createApp({ name: 'traces', broker }))
