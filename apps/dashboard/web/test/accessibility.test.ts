import { AxeBuilder } from '@axe-core/playwright'
import { JobFailedError } from 'millrace'
import type { BrowserContext, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { PAGES } from './browser/pages.ts'
import { openContext, openViewer, showsHeading } from './browser/viewer.ts'
import { whySkipped } from './browser/why-skipped.ts'
import { inBrowser } from './scene/in-browser.ts'

const skipped = whySkipped()
const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const

/** Each violation with the first place where it stands. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze()
  return found.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html}`)
}

const overflow = 'Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)'

describe.skipIf(skipped !== undefined)(`for everybody (${skipped ?? 'in the browser'})`, () => {
  const stage = inBrowser()
  let jobPath: string
  let runningPath: string
  let signedIn: Awaited<ReturnType<BrowserContext['storageState']>>

  beforeAll(async () => {
    const importing = await stage.scene.tasks.importRows.enqueue({ file: stage.scene.file('never'), rows: 40 })
    runningPath = `/jobs/${importing.id}?queue=imports`
    const failing = await stage.scene.tasks.charge.enqueue({ file: stage.scene.file('never'), customer: 'C-9' })
    await expect(failing.result({ timeout: '30s' })).rejects.toThrow(JobFailedError)
    jobPath = `/jobs/${failing.id}?queue=billing`
    const { context } = await openViewer(stage.browser, stage.scene.url, 'admin')
    signedIn = await context.storageState()
    await context.close()
  }, 120_000)

  describe.each(['light', 'dark'] as const)('in the %s', (colorScheme) => {
    test.each(['desk', 'phone'] as const)(
      'no page breaks a rule or is too wide, at the %s',
      async (size) => {
        const context = await openContext(stage.browser, stage.scene.url, {
          colorScheme,
          viewport: SIZES[size],
          storageState: signedIn,
        })
        const page = await context.newPage()
        const pages = [
          ...PAGES,
          { name: 'job', path: jobPath, heading: 'billing.charge-card' },
          { name: 'running job', path: runningPath, heading: 'import.rows' },
        ]
        for (const { name, path, heading } of pages) {
          await page.goto(path)
          await showsHeading(page, heading)
          await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
          expect({ name, found: await violations(page) }).toEqual({ name, found: [] })
          expect({ name, overflow: await page.evaluate<number>(overflow) }).toEqual({ name, overflow: 0 })
        }
        await context.close()
      },
      120_000,
    )

    test('nor the login page', async () => {
      const context = await openContext(stage.browser, stage.scene.url, { colorScheme })
      const page = await context.newPage()
      await page.goto('/')
      await showsHeading(page, 'Sign in')
      expect(await violations(page)).toEqual([])
      await context.close()
    })

    test('nor what runs on a worker', async () => {
      const context = await openContext(stage.browser, stage.scene.url, { colorScheme, storageState: signedIn })
      const page = await context.newPage()
      await page.goto('/workers')
      await page
        .getByRole('button', { name: /^Show what runs on / })
        .first()
        .click()
      await page.getByRole('listitem').filter({ hasText: 'search.crawl' }).first().waitFor()
      expect(await violations(page)).toEqual([])
      expect(await page.evaluate<number>(overflow)).toBe(0)
      await context.close()
    })

    test('nor a dialog, the completions, or the help', async () => {
      const context = await openContext(stage.browser, stage.scene.url, { colorScheme, storageState: signedIn })
      const page = await context.newPage()
      await page.goto('/failed')
      await page.getByRole('button', { name: 'Replay' }).first().click()
      await page.getByRole('button', { name: /^Retry \d+ jobs$/ }).waitFor()
      expect(await violations(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.keyboard.press('/')
      await page.keyboard.type('task:bill')
      await page.getByRole('option', { name: 'billing.charge-card' }).waitFor()
      expect(await violations(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
      expect(await violations(page)).toEqual([])
      await context.close()
    })
  })

  test('goes from page to page and from row to row by keyboard alone', async () => {
    const context = await openContext(stage.browser, stage.scene.url, { storageState: signedIn })
    const page = await context.newPage()
    await page.goto('/')
    await showsHeading(page, 'Overview')
    await page.keyboard.press('g')
    await page.keyboard.press('j')
    await showsHeading(page, 'Jobs')
    await page
      .getByRole('checkbox', { name: /^Select \S+$/ })
      .first()
      .waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.getByText('1 selected').waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 2, name: 'Timeline' }).waitFor()
    await context.close()
  })

  test('nothing jumps while the page is live', async () => {
    const context = await openContext(stage.browser, stage.scene.url, { storageState: signedIn })
    const page = await context.newPage()
    await page.goto('/queues')
    await page.getByRole('link', { name: 'images' }).waitFor()
    await page.evaluate(`{
      window.jumped = 0
      new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.jumped += shift.value
      }).observe({ type: 'layout-shift' })
    }`)
    await stage.scene.tasks.resize.enqueueMany(
      Array.from({ length: 25 }, () => ({ width: 1 })),
      { delay: '1h' },
    )
    await page.getByRole('row').filter({ hasText: 'images' }).getByRole('cell', { name: '26', exact: true }).waitFor()
    // A figure that gets a digit more reaches further to its left: that is 0.000004. A row that moves is 0.01.
    expect(await page.evaluate<number>('window.jumped')).toBeLessThan(0.001)
    await context.close()
  })
})
