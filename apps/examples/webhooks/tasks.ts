import { createApp } from 'millrace'
import { z } from 'zod'

export const app = createApp({ name: 'example-webhooks' })

export const deliver = app.define('webhooks.deliver', {
  input: z.object({ url: z.url(), event: z.string(), data: z.json() }),
  output: z.object({ status: z.number(), attempt: z.number() }),
  queue: 'webhooks',
  // In earnest: initial '5s', max '1h', 20 attempts. That is more than half a day.
  retry: { attempts: 6, backoff: { kind: 'exponential', initial: '50ms', max: '1s', jitter: 'full' } },
  timeout: '10s',
})
