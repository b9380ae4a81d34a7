import { type App, createApp } from 'millrace'
import { percentile } from '../measure/statistics.js'
import { APP, type ScheduleOrder } from './dispatch-order.js'
import { DispatchStage, pause } from './dispatch-stage.js'

/** What is measured, in which unit, and the most that it may be. */
export interface DispatchFigure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly bar: number
}

export interface Measurement {
  readonly name: string
  readonly about: string
  measure(say: (line: string) => void): Promise<readonly DispatchFigure[]>
}

const IDLE_JOBS = 600
const IDLE_EVERY_MS = 50
const AT_ONCE = 50_000
const BATCH = 1_000
const SCHEDULES = 10_000
const MINUTES = 2
const MINUTE_MS = 60_000

export const MEASUREMENTS: readonly Measurement[] = [
  {
    name: 'due-idle',
    about: `${IDLE_JOBS} delayed jobs, one each ${IDLE_EVERY_MS} ms, on an idle system: how late each starts`,
    measure: () => DispatchStage.with(dueIdle),
  },
  {
    name: 'due-at-once',
    about: `${AT_ONCE} jobs due at one instant: until all are ready`,
    measure: () => DispatchStage.with(dueAtOnce),
  },
  {
    name: 'schedules-spread',
    about: `${SCHEDULES} schedules, each once a minute, spread over it: the dispatcher's share of a core, how late each job starts`,
    measure: (say) => DispatchStage.with((stage) => schedules(stage, 'spread', say)),
  },
  {
    name: 'schedules-together',
    about: 'the same, all at the full minute',
    measure: (say) => DispatchStage.with((stage) => schedules(stage, 'together', say)),
  },
]

async function dueIdle(stage: DispatchStage): Promise<readonly DispatchFigure[]> {
  const [worker] = await Promise.all([stage.start({ role: 'worker' }), stage.start({ role: 'dispatcher' })])
  await using app = producer(stage)
  const due = app.define('due')
  const call = async (delay: number) => {
    const at = Date.now() + delay
    await due.enqueue({ at } as never, { at: new Date(at) })
  }
  // The first ones warm the processes up.
  for (let n = 0; n < 50; n++) await call(100)
  await pause(1_000)
  await worker.read('read-and-forget')
  for (let n = 0; n < IDLE_JOBS; n++) {
    await call(200 + ((n * 37) % 1_000))
    await pause(IDLE_EVERY_MS)
  }
  await pause(2_000)
  const { lateness } = await worker.read()
  if (lateness.length !== IDLE_JOBS) throw new Error(`${lateness.length} of ${IDLE_JOBS} jobs ran`)
  return [
    { name: 'lateness p50', value: percentile(lateness, 50), unit: 'ms', bar: Number.POSITIVE_INFINITY },
    { name: 'lateness p99', value: percentile(lateness, 99), unit: 'ms', bar: 20 },
  ]
}

async function dueAtOnce(stage: DispatchStage): Promise<readonly DispatchFigure[]> {
  await stage.start({ role: 'dispatcher' })
  await using app = producer(stage)
  const due = app.define('due')
  const enqueueAt = async (count: number, ms: number): Promise<number> => {
    const at = Date.now() + ms
    const inputs = Array.from({ length: BATCH }, () => ({ at }) as never)
    for (let from = 0; from < count; from += BATCH) await due.enqueueMany(inputs, { at: new Date(at) })
    if (Date.now() > at - 500) throw new Error('the jobs were not enqueued in time: the machine is too busy')
    return at
  }
  const promoted = async (at: number): Promise<number> => {
    await pause(at - Date.now())
    while (Date.now() < at + 30_000) {
      const [queue] = await app.monitor.queues()
      if (queue?.due === 0) return Date.now() - at
    }
    throw new Error('not all jobs were ready after 30 s')
  }
  await promoted(await enqueueAt(BATCH, 2_000))
  const value = await promoted(await enqueueAt(AT_ONCE, 8_000))
  return [{ name: 'all ready after', value, unit: 'ms', bar: 1_000 }]
}

async function schedules(
  stage: DispatchStage,
  ticks: ScheduleOrder['ticks'],
  say: (line: string) => void,
): Promise<readonly DispatchFigure[]> {
  const worker = await stage.start({ role: 'worker' })
  const dispatcher = await stage.start({ role: 'dispatcher', schedules: { count: SCHEDULES, ticks } })
  await using app = producer(stage)
  while ((await app.monitor.schedules()).length === 0) await pause(50)
  // A first round, or a third of it, is the warm-up. Those that tick together are read in the middle between two rounds.
  const begin = Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS + MINUTE_MS / (ticks === 'together' ? 2 : 3)
  say(`measuring from ${new Date(begin).toISOString()} for ${MINUTES} minutes`)
  await pause(begin - Date.now())
  await Promise.all([worker.read('read-and-forget'), dispatcher.read('read-and-forget')])
  await pause(MINUTES * MINUTE_MS)
  const [{ lateness }, { cpuMs, overMs }] = await Promise.all([worker.read(), dispatcher.read()])
  const ran = lateness.length / (SCHEDULES * MINUTES)
  if (ran < 0.99 || ran > 1.01) throw new Error(`${lateness.length} of about ${SCHEDULES * MINUTES} ticks ran`)
  return [
    { name: 'dispatcher', value: Math.round((1_000 * cpuMs) / overMs) / 10, unit: '% of a core', bar: 10 },
    { name: 'lateness p50', value: percentile(lateness, 50), unit: 'ms', bar: Number.POSITIVE_INFINITY },
    { name: 'lateness p99', value: percentile(lateness, 99), unit: 'ms', bar: 250 },
    { name: 'lateness max', value: percentile(lateness, 100), unit: 'ms', bar: Number.POSITIVE_INFINITY },
  ]
}

function producer(stage: DispatchStage): App {
  return createApp({ name: APP, broker: stage.url })
}
