import { createApp } from 'millrace'
import { createWorker } from 'millrace/worker'
import { expect, test, vi } from 'vitest'
import type { DashboardOptions } from '../src/options.js'
import { openStage } from './stage.js'

const CARD = 'card-4111-1111 "quoted"'

let count = 0

/** A job that said its card's number in many ways, seen through these rules. */
async function detailUnder(redact: DashboardOptions['redact']) {
  await using app = createApp({ name: `report-${process.pid}-${count++}`, broker: 'memory://' })
  await using stage = openStage(redact === undefined ? { login: 'none' } : { login: 'none', redact }, app)
  let done = false
  const pay = app.task('shop.pay', { queue: 'shop', retry: { attempts: 1 } }, (input, ctx) => {
    const { card } = input as { card: string }
    ctx.progress({ [card]: 1, card, step: 2 })
    ctx.log.info({ card, order: 7 }, `paying with ${card}`)
    done = true
    throw new Error('declined')
  })
  await using worker = createWorker(app, { queues: ['shop'], dispatcher: false })
  await worker.start()
  const { id } = await pay.enqueue({ card: CARD, order: 7 } as never)
  await vi.waitFor(async () => expect([done, await app.job(pay, id).state()]).toEqual([true, 'failed']), 20_000)
  const detail = await stage.get('job', `/jobs/${id}`)
  return detail
}

test('the page of a job has what its handler said', async () => {
  const { progress, log } = await detailUnder(undefined)
  expect(progress?.value).toEqual({ [CARD]: 1, card: CARD, step: 2 })
  expect(log).toMatchObject({ dropped: 0, lines: [{ level: 'info', attempt: 1 }] })
  expect(log?.lines[0]?.text).toBe(`paying with ${CARD} ${JSON.stringify({ card: CARD, order: 7 })}`)
})

test.each([[['input.card']], [['input']], [['input.*']]])(
  'what %j hides is hidden in what was said as well',
  async (paths) => {
    const { progress, log, history } = await detailUnder({ 'shop.*': paths })
    const said = JSON.stringify([progress, log])
    expect(said).not.toContain('4111')
    expect(said).toContain('[redacted]')
    expect(log?.lines[0]?.text).toMatch(/^paying with \[redacted\] /)
    expect(history[0]?.message).toBe('declined')
  },
)

test('log and progress can be hidden whole', async () => {
  const { progress, log } = await detailUnder({ '*': ['log', 'progress'] })
  expect([progress?.value, log?.lines[0]?.text]).toEqual(['[redacted]', '[redacted]'])
})

test('a path into progress hides just that', async () => {
  const { progress } = await detailUnder({ '*': ['progress.step'] })
  expect(progress?.value).toEqual({ [CARD]: 1, card: CARD, step: '[redacted]' })
})
