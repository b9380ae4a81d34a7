import { createApp } from 'millrace'
import { z } from 'zod'

export const app = createApp({ name: 'example-web-app' })

export const sendReceipt = app.define('mail.send-receipt', {
  input: z.object({ orderId: z.string(), to: z.email() }),
  output: z.object({ messageId: z.string() }),
  queue: 'mail',
  retry: { attempts: 5 },
  timeout: '30s',
})
