import { createApp, type Logger } from 'millrace'
import { createDispatcher, createWorker } from 'millrace/worker'
import {
  APP,
  type DispatchOrder,
  type DispatchQuestion,
  type DispatchReading,
  type ScheduleOrder,
} from './dispatch-order.js'

/** A dispatcher or a worker in a process of its own, as ordered in MILLRACE_BENCH_DISPATCH. */
const MINUTE_MS = 60_000
const order = JSON.parse(process.env.MILLRACE_BENCH_DISPATCH ?? '{}') as DispatchOrder
process.on('disconnect', () => process.exit())

const silent = () => undefined
const logger: Logger = {
  trace: silent,
  debug: silent,
  info: silent,
  warn: (...words: unknown[]) => console.error(...words),
  error: (...words: unknown[]) => console.error(...words),
  fatal: (...words: unknown[]) => console.error(...words),
  child: () => logger,
}
const app = createApp({ name: APP, broker: order.url, logger })
let lateness: number[] = []
let since = performance.now()
let usage = process.cpuUsage()
const due = app.task<{ at: number }, void>('due', ({ at }) => {
  lateness.push(Date.now() - at)
})
const tick = app.task<null, void>('tick', (_input, ctx) => {
  lateness.push(Date.now() - Date.parse(ctx.headers['millrace-tick'] ?? ''))
})
void due
if (order.schedules !== undefined) define(order.schedules)

const running =
  order.role === 'worker' ? createWorker(app, { dispatcher: false, concurrency: 1_000 }) : createDispatcher(app)
await running.start()
process.on('message', (question: DispatchQuestion) => {
  process.send?.(read())
  if (question === 'read-and-forget') forget()
})
process.send?.('ready')

function define({ count, ticks }: ScheduleOrder): void {
  const minute = Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS
  for (let index = 0; index < count; index++) {
    const spec =
      ticks === 'together'
        ? { cron: '* * * * *' }
        : { every: MINUTE_MS, start: minute + Math.round((index * MINUTE_MS) / count) }
    app.schedule(`s${index}`, spec, tick.with(null))
  }
}

function read(): DispatchReading {
  const { user, system } = process.cpuUsage(usage)
  const status = running.status()
  const leads = status !== undefined && 'epoch' in status && status.epoch !== undefined
  return { leads, cpuMs: (user + system) / 1_000, overMs: performance.now() - since, lateness }
}

function forget(): void {
  usage = process.cpuUsage()
  since = performance.now()
  lateness = []
}
