import { JobCancelledError } from 'millrace'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { openContext, openViewer, showsHeading, signIn } from './browser/viewer.ts'
import { whySkipped } from './browser/why-skipped.ts'
import { inBrowser } from './scene/in-browser.ts'

const skipped = whySkipped()

/** What a job ends with, an error included. Asked for before it ends: then its end is kept, whatever the task keeps. */
function endOf(job: { result(options: { timeout: '30s' }): Promise<unknown> }): Promise<unknown> {
  return job.result({ timeout: '30s' }).catch((error: unknown) => error)
}

describe.skipIf(skipped !== undefined)(`a day at the dashboard (${skipped ?? 'in the browser'})`, () => {
  const stage = inBrowser({ filled: false })
  let page: Page

  beforeAll(async () => {
    ;({ page } = await openViewer(stage.browser, stage.scene.url, 'admin'))
  }, 120_000)

  /** The row of the page's list that shows this text. */
  const row = (text: string) => page.getByRole('row').filter({ hasText: text })

  const search = async (line: string) => {
    await page.keyboard.press('/')
    await page.getByRole('combobox', { name: 'Search jobs' }).fill(line)
    await page.keyboard.press('Enter')
    await showsHeading(page, 'Jobs')
  }

  test('signs in; a wrong password is refused and says so', async () => {
    const context = await openContext(stage.browser, stage.scene.url)
    const stranger = await context.newPage()
    await stranger.goto('/queues')
    await signIn(stranger, 'viewer', 'not the password')
    await stranger.getByRole('alert').waitFor()
    await signIn(stranger, 'viewer')
    // The address was kept.
    await showsHeading(stranger, 'Queues')
    await stranger.getByRole('button', { name: 'Sign out' }).click()
    await showsHeading(stranger, 'Sign in')
    await context.close()
  })

  test('sees a job fail, be tried again, and succeed, without loading the page again', async () => {
    const file = stage.scene.file('hooks-are-back')
    const job = await stage.scene.tasks.deliver.enqueue({ file, order: 'A-17' })
    await page.goto(`/jobs/${job.id}?queue=webhooks`)
    await page.getByText('retrying', { exact: true }).waitFor()
    await page.getByText('Attempt 2', { exact: true }).waitFor()
    await page.getByText('502 Bad Gateway from https://hooks.example.com/orders/A-17').first().waitFor()
    stage.scene.allow(file)
    await page.getByText('succeeded', { exact: true }).waitFor()
    await expect(job.result({ timeout: '30s' })).resolves.toEqual({ delivered: true })
  })

  test('follows a running job: how far it is, and what it logs', async () => {
    const file = stage.scene.file('import-may-end')
    const job = await stage.scene.tasks.importRows.enqueue({ file, rows: 40 })
    await page.goto(`/jobs/${job.id}?queue=imports`)
    await page.getByRole('progressbar', { name: 'How far the job is' }).waitFor()
    await page.getByText('50 % 20 of 40').waitFor()
    const log = page.getByRole('list', { name: 'Log lines' })
    await log.getByText('read 20 rows').waitFor()
    expect(await log.getByRole('listitem').count()).toBe(2)
    stage.scene.allow(file)
    await page.getByText('succeeded', { exact: true }).waitFor()
    await log.getByText('read 40 rows').waitFor()
    await page.getByText('100 % 40 of 40').waitFor()
  })

  test('finds a retrying job by the query line and has it run at once', async () => {
    const job = await stage.scene.tasks.send.enqueue({ to: 'ada@example.com' })
    await stage.scene.tasks.send.enqueue({ to: 'bob@example.com' })
    await search('task:mail.* state:retrying error:ada@example')
    await row(job.id).waitFor()
    expect(new URL(page.url()).searchParams.get('q')).toBe('task:mail.* state:retrying error:ada@example')
    expect(await page.getByText('bob@example.com').count()).toBe(0)
    await row(job.id)
      .getByRole('button', { name: `Run now ${job.id}` })
      .click()
    // It fails once more, so it comes back with its second attempt used.
    await row(job.id).filter({ hasText: '2 of 8' }).getByText('retrying').waitFor()
    await page.goto('/retries')
    await row(job.id).waitFor()
    await page.getByRole('button', { name: `Show the errors of ${job.id}` }).click()
    await page.getByText('Attempt 2', { exact: true }).waitFor()
  })

  test('retries a failed job', async () => {
    const file = stage.scene.file('card-is-good')
    const job = await stage.scene.tasks.charge.enqueue({ file, customer: 'C-1' })
    await page.goto('/jobs?q=state:failed')
    await row(job.id).waitFor()
    stage.scene.allow(file)
    await row(job.id)
      .getByRole('button', { name: `Retry ${job.id}` })
      .click()
    await row(job.id).waitFor({ state: 'detached' })
    await expect(job.result({ timeout: '30s' })).resolves.toBe('charged')
  })

  test('cancels a running job', async () => {
    const job = await stage.scene.tasks.crawl.enqueue()
    const ended = endOf(job)
    await page.goto(`/jobs/${job.id}?queue=search`)
    await page.getByText('running', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel job' }).click()
    expect(await ended).toBeInstanceOf(JobCancelledError)
    await page.getByText('cancelled', { exact: true }).first().waitFor()
  })

  test('replays a group of failed jobs, with a count before and the progress after', async () => {
    const file = stage.scene.file('bank-is-back')
    const jobs = await stage.scene.tasks.charge.enqueueMany(
      Array.from({ length: 12 }, (_, index) => ({ file, customer: `B-${index}` })),
    )
    await page.goto('/failed')
    await row('billing.charge-card').filter({ hasText: '12' }).waitFor()
    stage.scene.allow(file)
    await row('billing.charge-card').getByRole('button', { name: 'Replay' }).click()
    await page.getByRole('dialog').getByText('12 jobs', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Retry 12 jobs' }).click()
    await page.getByRole('region', { name: 'Operations' }).getByText('Done: 12 jobs.').waitFor()
    const results = await Promise.all(jobs.map((job) => job.result({ timeout: '30s' })))
    expect(new Set(results)).toEqual(new Set(['charged']))
    await page.getByText('No job has failed for good').waitFor()
  })

  test('acts on a selection of jobs', async () => {
    const jobs = await stage.scene.tasks.resize.enqueueMany([{ width: 1 }, { width: 2 }, { width: 3 }], { delay: '1h' })
    const ended = jobs.slice(0, 2).map(endOf)
    await search('task:image.resize state:scheduled')
    for (const job of jobs.slice(0, 2)) await page.getByRole('checkbox', { name: `Select ${job.id}` }).check()
    await page.getByText('2 selected').waitFor()
    await page.getByRole('button', { name: 'Cancel…' }).click()
    await page.getByRole('button', { name: 'Cancel 2 jobs' }).click()
    await page.getByRole('region', { name: 'Operations' }).getByText('Done: 2 jobs.').first().waitFor()
    for (const error of await Promise.all(ended)) expect(error).toBeInstanceOf(JobCancelledError)
    expect(await jobs[2]?.state()).toBe('scheduled')
  })

  test('pauses a queue and lets it go on', async () => {
    await page.goto('/queues')
    await page.getByRole('button', { name: 'Pause images' }).click()
    await row('images').getByText('paused').waitFor()
    const job = await stage.scene.tasks.resize.enqueue({ width: 21 })
    expect(await job.state()).toBe('ready')
    await page.getByRole('button', { name: 'Resume images' }).click()
    await expect(job.result({ timeout: '30s' })).resolves.toBe(42)
  })

  test('sees what a worker runs', async () => {
    const job = await stage.scene.tasks.crawl.enqueue()
    const ended = endOf(job)
    await page.goto('/workers')
    await page.getByRole('button', { name: /^Show what runs on / }).click()
    const running = page.getByRole('listitem').filter({ hasText: job.id })
    await running.getByText('search.crawl').waitFor()
    await running.getByRole('link', { name: job.id }).click()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel job' }).click()
    expect(await ended).toBeInstanceOf(JobCancelledError)
  })

  test('resizes a worker, and sees it', async () => {
    await page.goto('/workers')
    await page.getByRole('button', { name: /^Resize / }).click()
    await page.getByLabel('Jobs at once').fill('3')
    await page.getByRole('button', { name: 'Resize', exact: true }).click()
    await page.getByText(/^\d of 3$/).waitFor()
  })
})
