import { jobOrderCommand } from './job-order.js'

export const cancel = jobOrderCommand({
  order: 'cancel',
  summary: 'Cancel a waiting job, or ask a running one to stop',
  examples: [
    ['cancel order-42', 'looks in every queue'],
    ['cancel order-42 --queue mail', 'where several queues have the id'],
  ],
})
