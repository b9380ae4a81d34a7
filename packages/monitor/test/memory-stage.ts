import type { Broker, Lane, NewJob } from '@millrace/broker'
import { openMemoryBroker } from '@millrace/broker-memory'
import { encodeMessage, recordFailure, type Verdict } from '@millrace/core'
import { afterEach, beforeEach } from 'vitest'
import { createControl } from '../src/control.js'
import { createMonitor } from '../src/monitor.js'

export const NOW = 1_700_000_000_000
export const MAIL: Lane = { queue: 'mail', index: 0 }
export const MAIL_1: Lane = { queue: 'mail', index: 1 }
export const OTHER: Lane = { queue: 'other', index: 0 }

export function job(id: string, task = 'mail.send', attrs?: NewJob['attrs']): NewJob {
  const message = encodeMessage(task, '{"to":"ada"}', NOW)
  return attrs === undefined ? { id, message } : { id, message, attrs }
}

export function failed(message: string): Verdict {
  return {
    kind: 'fail',
    failure: recordFailure(new Error(message), { reason: 'error', attempt: 1, at: NOW }),
    keepMs: 0,
  }
}

/** A memory broker for each test, and what monitors and workers do with it. To be called where a file's tests are collected. */
export function memoryStage(name: string) {
  let broker: Broker
  let count = 0
  beforeEach(() => {
    broker = openMemoryBroker({ app: `${name}-${count++}` })
  })
  afterEach(() => broker.close())
  const scope = () => ({ app: 'test', broker: async () => broker })
  return {
    get broker() {
      return broker
    },
    scope,
    monitor: () => createMonitor(scope()),
    control: () => createControl(scope()),
    put: (lane: Lane, ...jobs: NewJob[]) => broker.producer.enqueue(lane, jobs),
    /** Takes what is ready in a lane and settles it all alike. */
    async settle(lane: Lane, verdict: (id: string) => Verdict): Promise<void> {
      const seat = await broker.consumer.join(lane, { id: 'w', leaseMs: 60_000 })
      const { reservations } = await seat.exchange({ settlements: [], want: 100, empty: true })
      const settlements = reservations.map((reservation) => ({ reservation, verdict: verdict(reservation.id) }))
      await seat.exchange({ settlements, want: 0, empty: true })
      await seat.leave()
    },
  }
}
