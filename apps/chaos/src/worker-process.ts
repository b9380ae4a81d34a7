import { createApp } from 'millrace'
import { createDispatcher, createWorker, type WorkerEvent } from 'millrace/worker'
import type { ChildCommand, ChildOrder, ChildReport } from './cast/child-order.js'
import { stderrLogger } from './cast/stderr-logger.js'
import { EffectLedger } from './check/effect-ledger.js'
import type { EffectAsked } from './check/effect-register.js'
import { defineChaosTasks } from './workloads/chaos-tasks.js'
import { handleChaosTasks } from './workloads/handle-chaos-tasks.js'

/** A worker (or a dispatcher alone) in a process of its own, as ordered in MILLRACE_CHAOS_ORDER; tells its parent what happens. */
const order = JSON.parse(process.env.MILLRACE_CHAOS_ORDER ?? '{}') as ChildOrder

// A parent that is gone leaves nobody to end this process.
const orphaned = () => process.kill(process.pid, 'SIGKILL')
process.on('disconnect', orphaned)
process.on('message', (message) => obey(message as ChildCommand))

const effects = new Map<number, () => void>()
let asked = 0
const app = createApp({ name: order.app, broker: order.url, logger: stderrLogger() })
const ledger = new EffectLedger(order.ledger)
const tasks = defineChaosTasks(app)
handleChaosTasks(tasks, ledger, { apply: askStore })
for (const { name, everyMs } of order.metronomes) {
  app.schedule(name, { every: everyMs, missed: 'all', cap: 1_000 }, tasks.tick.with({}))
}

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

function obey(command: ChildCommand): void {
  switch (command.kind) {
    case 'effect-answered':
      effects.get(command.number)?.()
      effects.delete(command.number)
      break
    case 'jump-clock': {
      // Wall time only: no process can move its monotonic clock.
      const now = Date.now
      Date.now = () => now() + command.byMs
      break
    }
    case 'block-loop': {
      const until = performance.now() + command.ms
      while (performance.now() < until);
      break
    }
  }
}

/** The store outside the queue is the parent. */
function askStore(effect: EffectAsked): Promise<void> {
  const number = asked++
  report({ kind: 'effect', number, effect })
  return new Promise((resolve) => {
    effects.set(number, resolve)
  })
}

function report(message: ChildReport): void {
  if (process.connected) process.send?.(message)
}
