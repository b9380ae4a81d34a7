import { createApp } from 'millrace'
import { z } from 'zod'

export const app = createApp({ name: 'example-after-commit' })

export const shipOrder = app.define('orders.ship', {
  input: z.object({ orderId: z.string() }),
  output: z.string(),
})
