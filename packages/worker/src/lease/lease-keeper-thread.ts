import { parentPort, workerData } from 'node:worker_threads'
import type { HeartbeatModule, Heartbeats, Lane } from '@millrace/broker'
import { LeaseLostError } from '@millrace/core'
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
  const opened = openHeartbeats(start)
  let letGo = false
  opened.catch((error: unknown) => {
    throw error
  })

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
      if (one.beating) continue
      if (shared.deadline(one.slot) - start.leaseMs + start.heartbeatMs > now) continue
      void beat(one)
    }
  }

  const beat = async (one: Kept) => {
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
      if (error instanceof LeaseLostError) {
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
        void opened.then((heartbeats) => heartbeats.close()).finally(() => port?.close())
        break
    }
  })
}

async function openHeartbeats(start: KeeperStart): Promise<Heartbeats> {
  const module = (await import(start.moduleUrl)) as HeartbeatModule
  return module.openHeartbeats(start.moduleOptions)
}
