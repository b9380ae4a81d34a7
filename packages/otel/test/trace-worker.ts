/** A worker process with an SDK of its own; tells its spans when asked. It ends by itself when the process that started it does. */
import { createWorker } from 'millrace/worker'
import { redisTasks } from './trace-tasks.js'
import { endedSpans, registerSdk } from './traced-process.js'

registerSdk()
const { app } = redisTasks(process.env.MILLRACE_BROKER as string)
const worker = createWorker(app, { concurrency: 5 })
process.on('message', () => process.send?.(endedSpans()))
process.on('disconnect', () => void worker.stop())
await worker.start()
process.send?.('ready')
await worker.stopped()
await app.close()
