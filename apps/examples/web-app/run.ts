import { setTimeout as pause } from 'node:timers/promises'
import { listen } from './server.ts'
import { app } from './tasks.ts'

const { url, close } = await listen()

async function order(body: object) {
  const response = await fetch(`${url}/orders`, { method: 'POST', body: JSON.stringify(body) })
  return { status: response.status, body: (await response.json()) as { receipt: string; error?: string } }
}

const placed = await order({ orderId: 'A-17', to: 'ada@example.com' })
const again = await order({ orderId: 'A-17', to: 'ada@example.com' })
console.log(placed.status, placed.body.receipt, again.body.receipt === placed.body.receipt ? 'once' : 'twice')
console.log((await order({ orderId: 'A-18', to: 'nobody' })).status)

for (let state = ''; state !== 'succeeded'; await pause(20)) {
  const receipt = (await (await fetch(`${url}/receipts/${placed.body.receipt}`)).json()) as Record<string, string>
  state = receipt.state ?? ''
  if (state === 'succeeded') console.log(receipt.messageId)
}

close()
await app.close()
