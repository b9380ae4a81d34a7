import type { OrderStore } from './order-store.ts'
import { shipOrder } from './tasks.ts'

// #region relay
/**
 * Brings what waits in the outbox to the queue; to be called after each commit and now and then. It may die between the two lines: the
 * row is brought again, and the id makes it one job.
 */
export async function relay(store: Pick<OrderStore, 'waiting' | 'done'>): Promise<number> {
  const rows = store.waiting()
  for (const { jobId, orderId } of rows) {
    await shipOrder.enqueue({ orderId }, { id: jobId })
    store.done(jobId)
  }
  return rows.length
}
// #endregion
