import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { InvalidInputError, MillraceError } from 'millrace'
import { sendReceipt } from './tasks.ts'

/** The web side: it imports the contract, and none of what handlers need. */
export const server = new Hono()
  .post('/orders', async (c) => {
    const order = await c.req.json()
    // The same order, sent twice by an impatient browser, is one job.
    const job = await sendReceipt.enqueue(order, { id: `receipt:${order.orderId}` })
    return c.json({ receipt: job.id }, 202)
  })
  .get('/receipts/:id', async (c) => {
    const job = sendReceipt.job(c.req.param('id'))
    const state = await job.state()
    const outcome = state === 'succeeded' ? await job.outcome({ timeout: '1s' }) : undefined
    return c.json({ state, ...(outcome?.state === 'succeeded' && outcome.kept && outcome.output) })
  })
  .onError((error, c) => {
    if (error instanceof InvalidInputError) return c.json({ error: error.message }, 400)
    // The broker is away: nothing was written, and the browser may try again.
    if (error instanceof MillraceError && error.retryable) return c.json({ error: error.message }, 503)
    throw error
  })

/** Listens on a free port. */
export function listen(): Promise<{ readonly url: string; close(): void }> {
  return new Promise((resolve) => {
    const running = serve({ fetch: server.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
      resolve({ url: `http://127.0.0.1:${port}`, close: () => running.close() })
    })
  })
}
