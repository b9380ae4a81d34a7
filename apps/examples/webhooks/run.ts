import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { app, deliver } from './tasks.ts'

/** Receivers as they are: one that comes back after two errors, one that asks for patience, one that is gone. */
const answers: Record<string, number[]> = { '/flaky': [503, 500, 200], '/busy': [429, 200], '/gone': [410] }
const keys = new Set<unknown>()
const receiver = createServer((request, response) => {
  keys.add(request.headers['idempotency-key'])
  response.writeHead(answers[request.url ?? '']?.shift() ?? 404, { 'retry-after': '0.1' }).end()
})
await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
const { port } = receiver.address() as AddressInfo

for (const path of ['/flaky', '/busy', '/gone']) {
  const job = await deliver.enqueue({
    url: `http://127.0.0.1:${port}${path}`,
    event: 'order.paid',
    data: { id: 'A-17' },
  })
  const outcome = await job.outcome({ timeout: '20s' })
  if (outcome.state === 'succeeded') console.log(path, 'delivered at attempt', outcome.output?.attempt)
  if (outcome.state === 'failed') console.log(path, outcome.error.message, 'after', outcome.error.attempts, 'attempt')
}
console.log(keys.size, 'keys')
receiver.close()
await app.close()
