import { join } from 'node:path'
import { OrderStore } from './order-store.ts'
import { relay } from './relay.ts'
import { app, shipOrder } from './tasks.ts'

const store = new OrderStore(join(process.env.EXAMPLE_FOLDER ?? 'tmp', 'orders.db'))
store.place('A-17')
try {
  store.place('A-18', () => {
    throw new Error('out of stock')
  })
} catch {
  console.log('A-18 rolled back')
}

// Dies after the enqueue, before the row is gone; the next one brings it again.
await relay({
  waiting: () => store.waiting(),
  done: () => {
    throw new Error('killed')
  },
}).catch(() => console.log('relay killed'))
console.log('relayed again', await relay(store), 'left', store.waiting().length)

console.log(await shipOrder.job('ship:A-17').result({ timeout: '10s' }))
console.log('A-18', await shipOrder.job('ship:A-18').state())
const [queue] = await app.monitor.queues()
console.log('jobs', queue?.totals.succeeded)
store.close()
await app.close()
