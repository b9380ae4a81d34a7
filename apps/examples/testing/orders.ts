import { createApp } from 'millrace'
import { z } from 'zod'

export const app = createApp({ name: 'example-testing' })

const Order = z.object({ orderId: z.string() })

export const sendReceipt = app.task(
  'mail.send-receipt',
  {
    input: Order,
    output: z.string(),
    retry: { attempts: 8, backoff: { kind: 'exponential', initial: '5m', max: '1d', jitter: 'none' } },
  },
  ({ orderId }) => {
    if (orderId === 'unlucky') throw new Error('no such address')
    return `receipt-${orderId}`
  },
)

export const placeOrder = app.task('shop.place-order', { input: Order }, async ({ orderId }) => {
  await sendReceipt.enqueue({ orderId })
})

export const remind = app.task('mail.remind', () => {})

app.schedule('mornings', { cron: '0 8 * * MON-FRI' }, remind.with({}))
