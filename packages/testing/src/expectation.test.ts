import './vitest.js'
import { createApp } from 'millrace'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { matches } from './matches.js'
import { testApp } from './test-app.js'

const app = createApp({ name: 'expectations' })
const receipt = app.define('mail.send-receipt', {
  input: z.object({ orderId: z.string(), to: z.string(), lines: z.array(z.object({ sku: z.string() })).optional() }),
})
const add = app.define('math.add', { input: z.number() })

async function scene() {
  const t = testApp(app, { now: new Date('2030-01-01T00:00:00Z') })
  await receipt.enqueue({ orderId: 'A-17', to: 'ada@example.com', lines: [{ sku: 'x' }] })
  await receipt.enqueue({ orderId: 'A-18', to: 'bob@example.com' }, { delay: '5m', headers: { a: 'b' }, priority: 3 })
  await add.enqueueMany([1, 2, 3])
  return t
}

/** What the check says. */
function said(check: () => void): string {
  try {
    check()
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

describe('toHaveEnqueued', () => {
  it('finds a job by its task and a part of its input', async () => {
    await using t = await scene()
    expect(t).toHaveEnqueued(receipt)
    expect(t).toHaveEnqueued(receipt, { orderId: 'A-17' })
    expect(t).toHaveEnqueued(receipt, { to: expect.stringContaining('@'), lines: [{ sku: 'x' }] })
    expect(t).toHaveEnqueued(receipt, {}, { times: 2 })
    expect(t).toHaveEnqueued(add, 2, { times: 1 })
    expect(t).not.toHaveEnqueued(receipt, { orderId: 'A-19' })
    expect(t).not.toHaveEnqueued(add, 4)
    expect(() => expect({}).toHaveEnqueued(add)).toThrow(/t is testApp\(app\)/)
  })

  it('says what was enqueued instead', async () => {
    await using t = await scene()
    const missing = [
      "expected a job of mail.send-receipt with { orderId: 'A-19' } to be enqueued, found 0",
      'of mail.send-receipt, 2 were enqueued:',
      "  { orderId: 'A-17', to: 'ada@example.com', lines: [ { sku: 'x' } ] }",
      "  { orderId: 'A-18', to: 'bob@example.com' } (ready at 2030-01-01T00:05:00.000Z)",
      'of other tasks: math.add × 3',
    ].join('\n')
    expect(said(() => expect(t).toHaveEnqueued(receipt, { orderId: 'A-19' }))).toBe(missing)
    expect(said(() => t.assertEnqueued(receipt, { orderId: 'A-19' }))).toBe(missing)
    expect(said(() => expect(t).not.toHaveEnqueued(add))).toMatch(
      /^expected no job of math\.add to be enqueued, found 3/,
    )
    expect(said(() => t.assertEnqueued(add, undefined, { times: 2 }))).toMatch(
      /^expected 2 jobs of math\.add .*found 3/,
    )
    t.clear()
    expect(said(() => t.assertEnqueued(add))).toBe(
      'expected a job of math.add to be enqueued, found 0\nof math.add, 0 were enqueued',
    )
  })
})

describe('the plain list', () => {
  it('has each job with its options', async () => {
    await using t = await scene()
    t.assertEnqueued(receipt, { orderId: 'A-17' })
    t.assertEnqueued(add, undefined, { times: 3 })
    expect(t.enqueued().map((job) => job.task)).toHaveLength(5)
    expect(t.enqueued(receipt)[1]).toEqual({
      id: expect.any(String),
      task: 'mail.send-receipt',
      queue: 'default',
      input: { orderId: 'A-18', to: 'bob@example.com' },
      headers: { a: 'b' },
      readyAt: new Date('2030-01-01T00:05:00Z'),
      priority: 3,
      enqueuedAt: new Date('2030-01-01T00:00:00Z'),
    })
  })

  it('leaves out what was a repeat, and reads what a codec wrote', async () => {
    const codec = {
      name: 'hex',
      encode: (json: string) => Buffer.from(json).toString('hex'),
      decode: (text: string) => Buffer.from(text, 'hex').toString(),
    }
    const coded = createApp({ name: 'coded', codec })
    const task = coded.define('task', { input: z.string() })
    await using t = testApp(coded)
    await task.enqueue('a', { id: 'one' })
    await task.enqueue('a', { id: 'one' })
    expect(t.enqueued(task).map(({ id, input }) => [id, input])).toEqual([['one', 'a']])
  })
})

it.each([
  [{ a: 1, b: 2 }, { a: 1 }, true],
  [{ a: 1 }, { a: 1, b: undefined }, true],
  [{ a: { b: [1, { c: 2, d: 3 }] } }, { a: { b: [1, { c: 2 }] } }, true],
  [{ a: [1, 2] }, { a: [1] }, false],
  [{ a: 1 }, { a: 2 }, false],
  [{ a: 1 }, { b: 1 }, false],
  [null, {}, false],
  ['a', 'a', true],
  [[1], { 0: 1 }, true],
  [{ 0: 1 }, [1], false],
  [{ a: 'x' }, { a: expect.any(String) }, true],
])('matches(%j, %j) is %j', (actual, expected, answer) => expect(matches(actual, expected)).toBe(answer))
