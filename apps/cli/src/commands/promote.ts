import { jobOrderCommand } from './job-order.js'

export const promote = jobOrderCommand({
  order: 'promote',
  summary: 'Make a scheduled or retrying job ready now',
  examples: [['promote order-42', 'do not wait for its time']],
})
