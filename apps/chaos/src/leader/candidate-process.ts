import { createApp } from 'millrace'
import { createDispatcher } from 'millrace/worker'
import { stderrLogger } from '../cast/stderr-logger.js'
import type { CandidateCommand, CandidateOrder, CandidateReport } from './candidate-order.js'
import { recordTerms } from './record-terms.js'
import { TermLedger } from './term-ledger.js'
import { usurpingCoordinator } from './usurping-coordinator.js'

/** A candidate for dispatcher in a process of its own, as ordered in MILLRACE_CHAOS_CANDIDATE. Its coordinator is MILLRACE_COORDINATOR's. */
const order = JSON.parse(process.env.MILLRACE_CHAOS_CANDIDATE ?? '{}') as CandidateOrder
const USURPER = `usurper-${process.pid}`

// A parent that is gone leaves nobody to end this process.
const orphaned = () => process.kill(process.pid, 'SIGKILL')
process.on('disconnect', orphaned)

const logger = stderrLogger()
const plain = createApp({ name: order.app, broker: order.url, logger })
let freezeAtWrite = false
const broker = recordTerms(await plain.broker(), {
  ledger: new TermLedger(order.ledger),
  isUsurper: (candidate) => candidate === USURPER,
  freezesNow() {
    const now = freezeAtWrite
    freezeAtWrite = false
    return now
  },
})
const app = createApp({ name: order.app, broker, logger })
const dispatcher = createDispatcher(app, { ttl: order.ttlMs })
await dispatcher.start()
tell('ready')

process.on('message', (command: CandidateCommand) => {
  if (command.kind === 'usurp') return void usurp(command.ms)
  freezeAtWrite = command.kind === 'freeze-at-write'
  if (!freezeAtWrite) tell('awake')
})
process.on('SIGTERM', () => {
  void dispatcher
    .stop()
    .then(() => plain.close())
    .then(() => {
      process.off('disconnect', orphaned)
      process.disconnect()
    })
})

function tell(report: CandidateReport): void {
  if (process.connected) process.send?.(report)
}

async function usurp(ms: number): Promise<void> {
  const usurper = createDispatcher(app, { candidate: USURPER, coordinator: usurpingCoordinator() })
  await usurper.start()
  await new Promise((resolve) => setTimeout(resolve, ms))
  await usurper.stop()
}
