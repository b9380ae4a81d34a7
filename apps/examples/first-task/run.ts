import { app, sendReceipt } from './tasks.ts'

const job = await sendReceipt.enqueue({ orderId: 'A-17', to: 'ada@example.com' })
console.log(job.id, await job.result({ timeout: '10s' }))
await app.close()
