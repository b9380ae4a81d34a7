import { setPriority } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { type App, createApp } from 'millrace'
import { createDispatcher } from 'millrace/worker'

type Consumer = Awaited<ReturnType<App['broker']>>['consumer']
type Seat = Awaited<ReturnType<Consumer['join']>>

/** Those of a worker by default. */
const LEASE_MS = 10_000
const HEARTBEAT_MS = 3_000
/** Of one that has nothing to say. */
const ANNOUNCE_MS = 12_000
/** How long a wait for work takes that hears of none. */
const WAIT_MS = 5_000
const CONCURRENCY = 100
const QUEUE = 'idle'
/** Real idle workers are on machines of their own: these take what the drain leaves of this one's cores. */
const LOWEST_PRIORITY = 19
/** After a call that failed. */
const BACK_OFF_MS = 1_000

/**
 * Starts so many workers in this process, on a queue without jobs. To the store each is a whole one: its own connections, a seat at the
 * door, waits for work, heartbeats, announcements, an ear for commands, a candidate for the dispatcher. Heartbeats are sent by this thread:
 * a thread for each worker would cost memory here and nothing there.
 */
export async function startIdleWorkers(url: string, count: number): Promise<void> {
  setPriority(LOWEST_PRIORITY)
  await Promise.all(Array.from({ length: count }, (_, index) => startIdleWorker(url, `${process.pid}-${index}`)))
}

async function startIdleWorker(url: string, id: string): Promise<void> {
  const app = createApp({ name: 'bench', broker: url })
  const { consumer } = await app.broker()
  const seat = await takeSeat(consumer, id)
  await createDispatcher(app, { candidate: id }).start()
  await announce(consumer, id)
  consumer.hearCommands?.(id, () => void announceAgain(consumer, id))
  // Workers that were not started in one second do not all call in one second either.
  setTimeout(() => void keepAnnouncing(consumer, id), Math.random() * ANNOUNCE_MS)
  setTimeout(() => void keepWaiting(consumer, { id, seat }), Math.random() * WAIT_MS)
}

async function takeSeat(consumer: Consumer, id: string): Promise<Seat> {
  const seat = await consumer.join({ queue: QUEUE, index: 0 }, { id, leaseMs: LEASE_MS })
  seat.receive?.(() => {})
  return seat
}

async function keepWaiting(consumer: Consumer, worker: { readonly id: string; readonly seat: Seat }): Promise<never> {
  const never = new AbortController().signal
  for (let seat = worker.seat; ; ) {
    // As the keeper of leases does: one call of the lane, of whatever kind, each three seconds.
    const beat = setTimeout(() => void seat.heartbeat().catch(() => {}), HEARTBEAT_MS)
    await consumer.waitForWork([seat.lane], never)
    clearTimeout(beat)
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
    await announceAgain(consumer, id)
  }
}

function announceAgain(consumer: Consumer, id: string): Promise<void> {
  return announce(consumer, id).catch((error: unknown) => console.error(error))
}

async function announce(consumer: Consumer, id: string): Promise<void> {
  const queues = [QUEUE]
  const { pid } = process
  const info = { id, host: 'bench', pid, version: '0', queues, concurrency: CONCURRENCY, startedAt: Date.now() }
  await consumer.announce({ ...info, running: 0, state: 'running' })
}
