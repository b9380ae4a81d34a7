import { type App, createApp } from 'millrace'

export interface Filling {
  readonly queues: number
  readonly jobs: number
}

/** Shares of all jobs; the rest is ready. */
const SHARES = { failed: 0.05, retrying: 0.05, scheduled: 0.1 }
const BATCH = 1_000
const TASKS = 40
const ERRORS = ['read timeout after # ms', 'no such user #', 'socket closed', 'quota of # exceeded', 'invalid reply #']

/** Fills queues with jobs of every lasting state, through the app and its broker as producers and workers do. */
export async function fillStore(url: string, { queues, jobs }: Filling): Promise<App> {
  const app = createApp({ name: 'bench', broker: url })
  const tasks = Array.from({ length: TASKS }, (_, i) => app.define(`task-${i}`))
  const perQueue = Math.ceil(jobs / queues)
  const ended = Math.round(perQueue * (SHARES.failed + SHARES.retrying))
  const delayed = Math.round(perQueue * SHARES.scheduled)
  for (let q = 0; q < queues; q++) {
    const queue = `queue-${String(q).padStart(3, '0')}`
    const task = tasks[q % TASKS] as (typeof tasks)[number]
    const named = app.define(`${task.name}.${q}`, { queue })
    await enqueue(named, ended)
    await spoil(app, queue, ended)
    await enqueue(named, delayed, '12h')
    await enqueue(named, perQueue - ended - delayed)
  }
  return app
}

type Task = ReturnType<App['define']>

async function enqueue(task: Task, count: number, delay?: '12h'): Promise<void> {
  for (let from = 0; from < count; from += BATCH) {
    const size = Math.min(BATCH, count - from)
    const inputs = Array.from({ length: size }, (_, i) => ({
      order: from + i,
      to: 'somebody@example.com',
      note: 'x'.repeat(40),
    }))
    await task.enqueueMany(inputs as never, delay === undefined ? {} : { delay })
  }
}

/** Half of the jobs fail for good, half wait for their next attempt. */
async function spoil(app: App, queue: string, count: number): Promise<void> {
  const { consumer } = await app.broker()
  const seat = await consumer.join({ queue, index: 0 }, { id: 'filler', leaseMs: 60_000 })
  for (let done = 0; done < count; ) {
    const { reservations } = await seat.exchange({ settlements: [], want: BATCH, empty: true })
    if (reservations.length === 0) break
    const settlements = reservations.map((reservation, i) => {
      const failure = {
        name: 'TypeError',
        message: messageOf(i),
        stack: STACK,
        reason: 'error',
        attempt: 1,
        at: Date.now(),
      } as const
      const kind = i % 2 === 0 ? 'fail' : 'retry'
      const verdict =
        kind === 'fail'
          ? ({ kind, failure, keepMs: 0 } as const)
          : ({ kind, failure, delayMs: 3_600_000 + i * 1_000 } as const)
      return { reservation, verdict }
    })
    const tally = [
      { task: 'task-0', succeeded: 0, retried: settlements.length, failed: settlements.length, busyMs: 10 },
    ]
    await seat.exchange({ settlements, want: 0, empty: true, tally })
    done += reservations.length
  }
  await seat.leave()
}

function messageOf(i: number): string {
  return (ERRORS[i % ERRORS.length] ?? '').replace('#', String(i))
}

const STACK = `TypeError: something\n${Array.from({ length: 8 }, (_, i) => `    at step${i} (/app/src/handlers/file-${i}.ts:${i * 7}:11)`).join('\n')}`
