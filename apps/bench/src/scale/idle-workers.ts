import { setTimeout as pause } from 'node:timers/promises'
import { type App, createApp } from 'millrace'
import { createDispatcher } from 'millrace/worker'

type Consumer = Awaited<ReturnType<App['broker']>>['consumer']
type Seat = Awaited<ReturnType<Consumer['join']>>

/** Those of a worker by default. */
const LEASE_MS = 10_000
const ANNOUNCE_MS = 3_000
const CONCURRENCY = 100
const QUEUE = 'idle'
/** After a call that failed. */
const BACK_OFF_MS = 1_000

/**
 * Starts so many workers in this process, on a queue without jobs. To the store each is a whole one: its own connections,
 * a seat, waits for work, announcements, a candidate for the dispatcher. What is left out is what costs memory here and
 * nothing there: the thread that renews leases, which has nothing to renew while no job is held.
 */
export async function startIdleWorkers(url: string, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, index) => startIdleWorker(url, `${process.pid}-${index}`)))
}

async function startIdleWorker(url: string, id: string): Promise<void> {
  const app = createApp({ name: 'bench', broker: url })
  const { consumer } = await app.broker()
  const seat = await takeSeat(consumer, id)
  await createDispatcher(app, { candidate: id }).start()
  await announce(consumer, id)
  void keepAnnouncing(consumer, id)
  void keepWaiting(consumer, { id, seat })
}

function takeSeat(consumer: Consumer, id: string): Promise<Seat> {
  return consumer.join({ queue: QUEUE, index: 0 }, { id, leaseMs: LEASE_MS })
}

async function keepWaiting(consumer: Consumer, worker: { readonly id: string; readonly seat: Seat }): Promise<never> {
  const never = new AbortController().signal
  for (let seat = worker.seat; ; ) {
    await consumer.waitForWork([seat.lane], never)
    try {
      await seat.exchange({ settlements: [], want: CONCURRENCY, empty: true })
    } catch (error) {
      console.error(error)
      await pause(BACK_OFF_MS)
      seat = await takeSeat(consumer, worker.id).catch(() => seat)
    }
  }
}

async function keepAnnouncing(consumer: Consumer, id: string): Promise<never> {
  for (;;) {
    await pause(ANNOUNCE_MS)
    await announce(consumer, id).catch((error: unknown) => console.error(error))
  }
}

async function announce(consumer: Consumer, id: string): Promise<void> {
  const queues = [QUEUE]
  const { pid } = process
  const info = { id, host: 'bench', pid, version: '0', queues, concurrency: CONCURRENCY, startedAt: Date.now() }
  await consumer.announce({ ...info, running: 0, state: 'running' })
}
