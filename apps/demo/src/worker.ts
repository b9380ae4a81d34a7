import { Fatal } from 'millrace'
import { createWorker } from 'millrace/worker'
import './handlers/handle-check.js'
import './handlers/handle-index.js'
import './handlers/handle-merge.js'
import './handlers/handle-scan.js'
import { RUN_HEADER } from './processes/run-header.js'
import { CONCURRENCY, LEASE } from './processes/worker-settings.js'
import { app, QUEUES } from './tasks.js'

/** A worker process of the demo: `node worker.js RUN`, started by the demo over an IPC channel and ended through it. */
const [run] = process.argv.slice(2)

// A demo that was killed leaves jobs behind that its workers held. They come back here, and their run is over.
app.use({
  execute: (attempt, next) => {
    if (attempt.headers[RUN_HEADER] !== run) throw new Fatal('left over from an earlier run of the demo')
    return next()
  },
})

const worker = createWorker(app, {
  queues: Object.values(QUEUES),
  concurrency: CONCURRENCY,
  lease: LEASE,
  // The demo itself carries the dispatcher: it is not the one that gets killed.
  dispatcher: false,
  startTimeout: '15s',
})

/** A broker that is gone must not keep this process. */
const LEAVES_WITHIN_MS = 2_000

async function leave(): Promise<void> {
  setTimeout(() => process.exit(0), LEAVES_WITHIN_MS).unref()
  await worker.stop({ grace: '500ms' })
  await app.close()
  process.exit(0)
}

// Also how the demo's sudden death is learned: the kernel closes the channel.
process.once('disconnect', () => void leave())
// Ctrl-C goes to the whole process group; the demo decides when its workers end.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})

try {
  await worker.start()
  process.send?.('ready')
} catch (error) {
  console.error(`a worker could not start: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}
