import { createApp } from 'millrace'
import { createDispatcher, createWorker, type WorkerEvent } from 'millrace/worker'
import { EffectLedger } from './check/effect-ledger.js'
import type { ChildOrder, ChildReport } from './operations/child-order.js'
import { stderrLogger } from './operations/stderr-logger.js'
import { defineChaosTasks } from './workloads/chaos-tasks.js'
import { handleChaosTasks } from './workloads/handle-chaos-tasks.js'

/** A worker (or a dispatcher alone) in a process of its own, as ordered in MILLRACE_CHAOS_ORDER; tells its parent what happens. */
const order = JSON.parse(process.env.MILLRACE_CHAOS_ORDER ?? '{}') as ChildOrder

// A parent that is gone leaves nobody to end this process.
const orphaned = () => process.kill(process.pid, 'SIGKILL')
process.on('disconnect', orphaned)

const app = createApp({ name: order.app, broker: order.url, logger: stderrLogger() })
const ledger = new EffectLedger(order.ledger)
handleChaosTasks(defineChaosTasks(app), ledger)

if (order.role === 'dispatcher') await dispatch()
else await work()

async function dispatch(): Promise<void> {
  const dispatcher = createDispatcher(app)
  await dispatcher.start()
  process.on('SIGTERM', () => {
    void dispatcher
      .stop()
      .then(() => app.close())
      .then(leave)
  })
  report({ kind: 'ready' })
}

async function work(): Promise<void> {
  const worker = createWorker(app, { ...order.worker, signals: true, onEvent: observe })
  await worker.start()
  report({ kind: 'ready' })
  await worker.stopped()
  await app.close()
  ledger.flush()
  leave()
}

/** Nothing keeps the process now but what should not: it must end by itself. */
function leave(): void {
  report({ kind: 'stopped' })
  process.off('disconnect', orphaned)
  process.disconnect()
}

function observe(event: WorkerEvent): void {
  if (event.kind === 'lost') ledger.refused(event.jobId, event.attempt)
  else if (event.kind === 'lease-lost') report({ kind: 'lease-lost' })
}

function report(message: ChildReport): void {
  if (process.connected) process.send?.(message)
}
