import { jobOrderCommand } from './job-order.js'

export const discard = jobOrderCommand({
  order: 'discard',
  summary: 'Remove a failed job for good',
  examples: [['discard order-42', 'it is gone afterwards, with its history']],
})
