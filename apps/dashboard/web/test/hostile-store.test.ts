import { JobFailedError } from 'millrace'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { PAGES } from './browser/pages.ts'
import { openContext, openViewer, showsHeading, signIn } from './browser/viewer.ts'
import { whySkipped } from './browser/why-skipped.ts'
import { HOSTILE_TEXT, HOSTILE_WORDS } from './scene/hostile-words.ts'
import { inBrowser } from './scene/in-browser.ts'
import { asId, poisonStore } from './scene/poison-store.ts'

const skipped = whySkipped()

describe.skipIf(skipped !== undefined)(`a hostile store (${skipped ?? 'in the browser'})`, () => {
  const stage = inBrowser()
  let page: Page
  const thrown: string[] = []

  beforeAll(async () => {
    ;({ page } = await openViewer(stage.browser, stage.scene.url, 'admin'))
    page.on('pageerror', (error) => thrown.push(String(error)))
  }, 120_000)

  /** The page shows the words, nothing of them was run or followed, and nothing broke. */
  async function showsAsText(path: string, shown = true): Promise<void> {
    if (shown) await page.locator('main').getByText('hit=1').filter({ visible: true }).first().waitFor()
    const made = await page.locator('main :is(script, iframe, img, style, base, object)').count()
    const followed = await page.locator('main a[href^="javascript:" i]').count()
    const wide = await page.evaluate<number>(
      'Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)',
    )
    const hit = await page.evaluate<unknown>('window.hit')
    expect({ path, hit, made, followed, wide, thrown }).toEqual({
      path,
      hit: undefined,
      made: 0,
      followed: 0,
      wide: 0,
      thrown: [],
    })
  }

  test('through the app: job id, input, headers, log, progress, error, its data', async () => {
    for (const [index, words] of [HOSTILE_TEXT, ...HOSTILE_WORDS].entries()) {
      const id = asId(`${index}${words}`)
      const job = await stage.scene.tasks.echo.enqueue({ words }, { id, headers: { 'x-words': words } })
      await expect(job.result({ timeout: '30s' })).rejects.toThrow(JobFailedError)
      const path = `/jobs/${encodeURIComponent(id)}?queue=default`
      await page.goto(path)
      await page.getByRole('heading', { level: 2, name: 'Log' }).waitFor()
      await page.getByRole('heading', { level: 2, name: 'Progress' }).waitFor()
      await showsAsText(path)
    }
  })

  test('past the app: queue, tasks, worker, times that are none, who tried to sign in', async () => {
    const id = await poisonStore(stage.scene, HOSTILE_TEXT)
    const stranger = await openContext(stage.browser, stage.scene.url)
    const login = await stranger.newPage()
    await login.goto('/')
    await signIn(login, HOSTILE_WORDS[1] as 'viewer', 'not the password')
    await login.getByRole('alert').waitFor()
    await stranger.close()
    // Such a queue cannot be asked for by name.
    const job = `/jobs/${encodeURIComponent(id)}`
    for (const { path, heading } of PAGES.filter(({ name }) => name !== 'leader')) {
      await page.goto(path)
      await showsHeading(page, heading)
      await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
      // The overview names the busiest alone.
      await showsAsText(path, path !== '/')
    }
    await page.goto(job)
    await page.getByRole('heading', { level: 2, name: 'Log' }).waitFor()
    await showsAsText(job)
  })
})
