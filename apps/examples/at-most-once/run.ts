import { app, ring } from './tasks.ts'

for (const number of ['555-1', '555-0']) {
  const job = await ring.enqueue({ number })
  const outcome = await job.outcome({ timeout: '10s' })
  if (outcome.state === 'succeeded') console.log(outcome.output)
  // Nobody knows whether it rang: a person decides, and may enqueue it again.
  if (outcome.state === 'failed')
    console.log(`${number}: ${outcome.error.message}, attempts: ${outcome.error.attempts}`)
}
await app.close()
