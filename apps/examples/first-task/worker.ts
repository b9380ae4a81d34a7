import { app, sendReceipt } from './tasks.ts'

sendReceipt.handle(async ({ orderId, to }, ctx) => {
  ctx.log.info({ orderId, to }, 'sending')
  return { messageId: `receipt-${orderId}` }
})

export { app }
