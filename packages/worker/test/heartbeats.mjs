/**
 * A driver's heartbeat module for tests of the lease keeper thread. `options.memory`: Int32Array of
 * [beats, behaviour, opened, closed]; behaviour 0 answers, 1 says fenced, 2 fails, 3 ends the thread.
 */
import { LeaseLostError } from '@millrace/core'

export function openHeartbeats({ memory }) {
  const view = new Int32Array(memory)
  Atomics.add(view, 2, 1)
  return {
    async beat(lane, incarnation) {
      const behaviour = Atomics.load(view, 1)
      if (behaviour === 1) throw new LeaseLostError({ lane: lane.queue, incarnation })
      if (behaviour === 2) throw new Error('no connection')
      if (behaviour === 3) process.exit(1)
      Atomics.add(view, 0, 1)
      Atomics.notify(view, 0)
      return { tokens: 1, cancelled: [] }
    },
    async close() {
      Atomics.add(view, 3, 1)
    },
  }
}
