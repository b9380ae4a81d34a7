import { existsSync } from 'node:fs'
import { createApp, Fatal, type TaskContext } from 'millrace'
import { z } from 'zod'

/** A shop whose jobs do what the tests and the screenshots need. Its broker: MILLRACE_BROKER. */
export const app = createApp({ name: 'shop' })

/** Fails until the file is there, and is tried again a second later. */
export const deliver = app.task(
  'webhook.deliver',
  {
    input: z.object({ file: z.string(), order: z.string() }),
    output: z.object({ delivered: z.boolean() }),
    queue: 'webhooks',
    retry: { attempts: 1_000, backoff: { kind: 'fixed', delay: '1s' } },
  },
  ({ file, order }) => {
    if (!existsSync(file)) throw new HttpError(`502 Bad Gateway from https://hooks.example.com/orders/${order}`)
    return { delivered: true }
  },
)

/** Fails, and is tried again in an hour. */
export const send = app.task(
  'mail.send-receipt',
  {
    input: z.object({ to: z.string() }),
    queue: 'mail',
    retry: { attempts: 8, backoff: { kind: 'fixed', delay: '1h' } },
  },
  ({ to }) => {
    throw new TimeoutError(`smtp.example.com did not answer within 30 s, receipt for ${to}`)
  },
)

/** Fails for good until the file is there. */
export const charge = app.task(
  'billing.charge-card',
  {
    input: z.object({ file: z.string(), customer: z.string() }),
    output: z.string(),
    queue: 'billing',
    retry: { attempts: 1 },
  },
  ({ file }) => {
    if (!existsSync(file)) throw new CardDeclined('insufficient_funds')
    return 'charged'
  },
)

/** Runs until it is told to stop. */
export const crawl = app.task(
  'search.crawl',
  { output: z.string(), queue: 'search' },
  async (_input, ctx: TaskContext): Promise<string> => {
    return new Promise((_resolve, reject) => {
      ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error))
    })
  },
)

/** Says how far it is; does the second half once the file is there. */
export const importRows = app.task(
  'import.rows',
  { input: z.object({ file: z.string(), rows: z.number() }), output: z.number(), queue: 'imports' },
  async ({ file, rows }, ctx) => {
    ctx.log.info({ file: 'customers.csv' }, 'opened')
    const half = Math.floor(rows / 2)
    ctx.progress({ done: half, total: rows })
    ctx.log.info(`read ${half} rows`)
    while (!existsSync(file)) {
      ctx.signal.throwIfAborted()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    ctx.log.warn({ row: half + 3 }, 'left out a row without an address')
    ctx.progress({ done: rows, total: rows })
    ctx.log.info(`read ${rows} rows`)
    return rows
  },
)

/** Does its work at once. */
export const resize = app.task(
  'image.resize',
  { input: z.object({ width: z.number() }), output: z.number(), queue: 'images' },
  ({ width }) => width * 2,
)

/** Says the words that it is given, and fails for good with them. */
export const echo = app.task(
  'echo.fail',
  { input: z.object({ words: z.string() }), output: z.string(), queue: 'default' },
  ({ words }, ctx): string => {
    ctx.log.warn({ [words]: words }, words)
    ctx.progress({ [words]: words })
    const error = new Fatal(words)
    error.name = words
    Object.assign(error, { data: { [words]: words } })
    throw error
  },
)

class HttpError extends Error {
  override readonly name = 'HttpError'
}

class TimeoutError extends Error {
  override readonly name = 'TimeoutError'
}

class CardDeclined extends Error {
  override readonly name = 'CardDeclined'
}
