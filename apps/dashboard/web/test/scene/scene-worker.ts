/** A worker process of the scene. It ends by itself when the process that started it does. */
import { createWorker } from 'millrace/worker'
import { app, crawl } from './scene-tasks.ts'

app.schedule('nightly-crawl', { cron: '0 3 * * *', timezone: 'Europe/Paris' }, crawl.with(undefined))

const worker = createWorker(app, {
  queues: ['webhooks', 'mail', 'billing', 'search', 'images', 'imports', 'default'],
  concurrency: 10,
  signals: true,
})
process.on('disconnect', () => void worker.stop())
await worker.start()
process.send?.('ready')
await worker.stopped()
await app.close()
