import { Fatal } from 'millrace'
import { app, deliver } from './tasks.ts'

// #region handler
deliver.handle(async ({ url, event, data }, ctx) => {
  const response = await fetch(url, {
    method: 'POST',
    // The same in each attempt: the receiver can tell a repeat.
    headers: { 'content-type': 'application/json', 'idempotency-key': ctx.jobId },
    body: JSON.stringify({ event, data }),
    signal: ctx.signal,
  })
  if (response.ok) return { status: response.status, attempt: ctx.attempt }
  if (response.status === 429) {
    const seconds = Number(response.headers.get('retry-after') ?? 1)
    return ctx.retry({ delay: seconds * 1_000 })
  }
  const message = `the receiver answered ${response.status}`
  // Gone, forbidden, malformed: asking again changes nothing.
  throw response.status < 500 ? new Fatal(message) : new Error(message)
})

// #endregion

export { app }
