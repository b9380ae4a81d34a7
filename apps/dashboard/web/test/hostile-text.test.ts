import { JobFailedError } from 'millrace'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { PAGES } from './browser/pages.ts'
import { openViewer, showsHeading } from './browser/viewer.ts'
import { whySkipped } from './browser/why-skipped.ts'
import { HOSTILE_TEXT } from './scene/hostile-words.ts'
import { inBrowser } from './scene/in-browser.ts'

const skipped = whySkipped()

/** Fields whose words are the server's own: the pages decide by them. */
const CLOSED = new Set(['state', 'role', 'login', 'kind', 'level', 'range', 'what', 'outcome', 'cursor', 'rule'])

/** The answer with every text replaced that somebody outside could have written. */
function poison(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return CLOSED.has(key) ? value : HOSTILE_TEXT
  if (Array.isArray(value)) return value.map((one) => poison(one, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, poison(one, name)]))
}

describe.skipIf(skipped !== undefined)(`hostile text (${skipped ?? 'in the browser'})`, () => {
  const stage = inBrowser()
  let page: Page

  beforeAll(async () => {
    ;({ page } = await openViewer(stage.browser, stage.scene.url, 'admin'))
  }, 120_000)

  const hit = () => page.evaluate<unknown>('window.hit')

  test('an error’s name and message from a handler are shown as they are', async () => {
    const job = await stage.scene.tasks.echo.enqueue({ words: HOSTILE_TEXT })
    await expect(job.result({ timeout: '30s' })).rejects.toThrow(JobFailedError)
    for (const path of [`/jobs/${job.id}?queue=default`, '/failed', '/jobs?q=task:echo.fail']) {
      await page.goto(path)
      await page.getByText('<script>window.hit=1</script>').first().waitFor()
      expect({ path, hit: await hit() }).toEqual({ path, hit: undefined })
    }
  })

  test('any text of any answer is shown as text, on every page', async () => {
    const job = await stage.scene.tasks.resize.enqueue({ width: 1 }, { delay: '1h' })
    await page.route('**/api/v1/**', async (route) => {
      const path = new URL(route.request().url()).pathname
      if (/\/(session|events|operations)$/.test(path)) return route.continue()
      const response = await route.fetch()
      await route.fulfill({ response, json: poison(await response.json()) })
    })
    for (const { path, heading, name } of PAGES) {
      await page.goto(path)
      await showsHeading(page, heading)
      await page.getByText('<script>window.hit=1</script>').first().waitFor()
      expect({ name, hit: await hit() }).toEqual({ name, hit: undefined })
      expect({ name, made: await page.locator('main :is(script, iframe, img, style)').count() }).toEqual({
        name,
        made: 0,
      })
      const followed = await page.locator('main a[href^="javascript:" i]').count()
      expect({ name, followed }).toEqual({ name, followed: 0 })
    }
    await page.goto(`/jobs/${job.id}?queue=images`)
    await page.getByRole('heading', { level: 2, name: 'Timeline' }).waitFor()
    expect(await hit()).toBeUndefined()
    expect(await page.title()).toContain('<script>')
    // An answer that is under way would be given twice: by this handler, and by the browser's own.
    await page.unrouteAll({ behavior: 'wait' })
  })

  test('a hostile address is only text', async () => {
    await page.goto(`/jobs?q=${encodeURIComponent(HOSTILE_TEXT)}`)
    await showsHeading(page, 'Jobs')
    await page.goto(`/jobs/${encodeURIComponent('<img src=x onerror="window.hit=1">')}`)
    await page.getByRole('alert').waitFor()
    expect(await hit()).toBeUndefined()
  })

  test('the browser itself would refuse a script that is written into the page', async () => {
    await page.goto('/')
    await showsHeading(page, 'Overview')
    await page.evaluate(`{
      window.refused = new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective))
      })
      const script = document.createElement('script')
      script.textContent = 'window.hit = 1'
      document.body.append(script)
    }`)
    expect(await page.evaluate('window.refused')).toBe('script-src-elem')
    expect(await hit()).toBeUndefined()
  })
})
