import { createApp } from 'millrace'
import { z } from 'zod'

export const app = createApp({ name: 'shop' })

export const sendReceipt = app.task(
  'mail.send-receipt',
  {
    input: z.object({ orderId: z.string(), to: z.email() }),
    output: z.object({ messageId: z.string(), worker: z.string() }),
    queue: 'mail',
    timeout: '30s',
  },
  ({ orderId, to }, ctx) => {
    ctx.log.info({ orderId, to }, 'sending')
    return { messageId: `receipt-${orderId}`, worker: process.env['HOSTNAME'] ?? 'unknown' }
  },
)
