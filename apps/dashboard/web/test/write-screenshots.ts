/**
 * Writes a picture of every page at 1440 and 390 px, in both themes, from a scene of its own.
 *
 * usage: pnpm screenshots [--out DIR]      default: a new folder under the system's temporary folder
 */
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { openBrowser } from './browser/open-browser.ts'
import { PAGES } from './browser/pages.ts'
import { openContext, openViewer, showsHeading } from './browser/viewer.ts'
import { fillScene } from './scene/fill-scene.ts'
import { type Scene, startScene } from './scene/start-scene.ts'

const WIDTHS = [1440, 390]
const THEMES = ['light', 'dark'] as const

const { values } = parseArgs({ options: { out: { type: 'string' } } })
const out = values.out === undefined ? mkdtempSync(join(tmpdir(), 'millrace-screenshots-')) : resolve(values.out)
mkdirSync(out, { recursive: true })

const scene = await startScene()
try {
  await scene.startWorker()
  await fillScene(scene)
  await takeAll(scene)
  console.log(`screenshots: ${out}`)
} finally {
  await scene.stop()
}

async function takeAll({ url, tasks, file }: Scene): Promise<void> {
  const job = await tasks.charge.enqueue({ file: file('never'), customer: 'C-42' })
  await job.result({ timeout: '10s' }).catch(() => undefined)
  const running = await tasks.importRows.enqueue({ file: file('never'), rows: 40 })
  const pages = [
    ...PAGES,
    { name: 'job', path: `/jobs/${job.id}?queue=billing`, heading: 'billing.charge-card' },
    { name: 'running-job', path: `/jobs/${running.id}?queue=imports`, heading: 'import.rows' },
  ]
  const browser = await openBrowser()
  try {
    const { context: first } = await openViewer(browser, url, 'admin')
    const storageState = await first.storageState()
    for (const width of WIDTHS) {
      for (const colorScheme of THEMES) {
        const look: BrowserContextOptions = { colorScheme, viewport: { width, height: 900 } }
        const inside = await openContext(browser, url, { ...look, storageState })
        const page = await inside.newPage()
        for (const { name, path, heading } of pages) {
          await page.goto(path)
          await showsHeading(page, heading)
          await page.getByText('Live', { exact: true }).waitFor()
          await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
          await take(page, `${name}-${width}-${colorScheme}`)
        }
        const outside = await openContext(browser, url, look)
        const login = await outside.newPage()
        await login.goto('/')
        await showsHeading(login, 'Sign in')
        await take(login, `login-${width}-${colorScheme}`)
        await inside.close()
        await outside.close()
      }
    }
  } finally {
    await browser.close()
  }
}

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(out, `${name}.png`), fullPage: true })
}
