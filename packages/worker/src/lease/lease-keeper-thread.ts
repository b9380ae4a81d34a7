import { parentPort, workerData } from 'node:worker_threads'
import type { HeartbeatModule, Heartbeats, Lane } from '@millrace/broker'
import type { LeaseLostError } from '@millrace/core'
import type { KeeperOrder, KeeperReport, KeeperStart } from './keeper-messages.js'
import { processMonotonicMs, SharedLeases } from './shared-leases.js'

/**
 * Runs in a thread of its own, on its own connection: extends the leases of seats, however long a handler
 * blocks the main thread. A main thread that gave no sign of life for `maxBlock` is taken for stuck: its leases are let
 * go, and other workers take over.
 */
interface Kept {
  readonly slot: number
  readonly lane: Lane
  readonly incarnation: string
  beating: boolean
}

const port = parentPort
if (port !== null) keepLeases(workerData as KeeperStart, (report) => port.postMessage(report))

function keepLeases(start: KeeperStart, report: (report: KeeperReport) => void): void {
  const shared = new SharedLeases(start.memory, start.slots)
  const kept = new Map<number, Kept>()
  let opened: Promise<Heartbeats> | undefined
  let letGo = false

  const open = () => {
    const opening = openHeartbeats(start)
    // Ends the thread: whoever started it says so, and starts it again.
    opening.catch((error: unknown) => {
      throw error
    })
    return opening
  }

  const turn = () => {
    const now = processMonotonicMs()
    const silentMs = now - shared.lastTick()
    if (silentMs > start.maxBlockMs) {
      if (!letGo) report({ kind: 'let-go', silentMs })
      letGo = true
      return
    }
    letGo = false
    for (const one of kept.values()) {
      const dueInMs = shared.deadline(one.slot) - start.leaseMs + start.heartbeatMs - now
      if (dueInMs <= start.heartbeatMs / 2) opened ??= open()
      if (dueInMs > 0 || one.beating || opened === undefined) continue
      void beat(one, opened)
    }
  }

  const beat = async (one: Kept, opened: Promise<Heartbeats>) => {
    one.beating = true
    const sentAt = processMonotonicMs()
    try {
      const heartbeats = await opened
      const { tokens, cancelled } = await heartbeats.beat(one.lane, one.incarnation, { timeoutMs: start.leaseMs })
      if (kept.get(one.slot) !== one) return
      if (sentAt + start.leaseMs > shared.threadDeadline(one.slot))
        shared.setThreadDeadline(one.slot, sentAt + start.leaseMs)
      report({ kind: 'beaten', slot: one.slot, incarnation: one.incarnation, sentAt, tokens, cancelled })
    } catch (error) {
      if (kept.get(one.slot) !== one) return
      if (isLeaseLost(error)) {
        kept.delete(one.slot)
        report({ kind: 'fenced', slot: one.slot, incarnation: one.incarnation })
      } else report({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
    } finally {
      one.beating = false
    }
  }

  const timer = setInterval(turn, Math.max(5, Math.min(250, start.heartbeatMs / 4)))
  port?.on('message', (order: KeeperOrder) => {
    switch (order.kind) {
      case 'add':
        kept.set(order.slot, { slot: order.slot, lane: order.lane, incarnation: order.incarnation, beating: false })
        break
      case 'remove':
        kept.delete(order.slot)
        report({ kind: 'removed', slot: order.slot })
        break
      case 'stop':
        clearInterval(timer)
        void Promise.resolve(opened)
          .then((heartbeats) => heartbeats?.close())
          .finally(() => port?.close())
        break
    }
  })
}

/** By its code: the classes behind it would be most of what the thread loads. */
function isLeaseLost(error: unknown): error is LeaseLostError {
  const code: LeaseLostError['code'] = 'LEASE_LOST'
  return error instanceof Error && 'code' in error && error.code === code
}

/**
 * Loads the driver and connects. That costs the process more than all else that it does in its first moments, so it is done half a
 * heartbeat before one may be due: a worker that is busy, whose exchanges extend its leases, never pays for it.
 */
async function openHeartbeats(start: KeeperStart): Promise<Heartbeats> {
  const module = (await import(start.moduleUrl)) as HeartbeatModule
  return module.openHeartbeats(start.moduleOptions)
}
