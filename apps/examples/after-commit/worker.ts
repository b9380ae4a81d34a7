import { app, shipOrder } from './tasks.ts'

shipOrder.handle(({ orderId }) => `shipped ${orderId}`)

export { app }
