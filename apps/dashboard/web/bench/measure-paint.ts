/**
 * How soon the first page is there, and how much script it takes: Chromium on this machine, a dashboard on the loopback, nothing cached.
 *
 * usage: node apps/dashboard/web/bench/measure-paint.ts [--loads 10]      after pnpm build
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { openBrowser } from '../test/browser/open-browser.ts'
import { openContext, openViewer, showsHeading } from '../test/browser/viewer.ts'
import { fillScene } from '../test/scene/fill-scene.ts'
import { startScene } from '../test/scene/start-scene.ts'

const { values } = parseArgs({ options: { loads: { type: 'string', default: '10' } } })

const scene = await startScene()
let browser: Browser | undefined
try {
  await scene.startWorker()
  await fillScene(scene)
  browser = await openBrowser()
  const { context } = await openViewer(browser, scene.url, 'admin')
  const storageState = await context.storageState()
  const paints: number[] = []
  const figures: number[] = []
  for (let load = 0; load < Number(values.loads); load++) {
    const fresh = await openContext(browser, scene.url, { storageState })
    const page = await fresh.newPage()
    const began = performance.now()
    await page.goto('/')
    await showsHeading(page, 'Overview')
    await page.getByRole('heading', { level: 2, name: 'Over time' }).waitFor()
    figures.push(performance.now() - began)
    paints.push(await page.evaluate<number>(`performance.getEntriesByName('first-contentful-paint')[0].startTime`))
    await fresh.close()
  }
  console.log(`First contentful paint, ms: ${summary(paints)}`)
  console.log(`Overview with its figures, ms: ${summary(figures)}`)
  const { entry, all } = scriptSizes()
  console.log(`Script, gzip: ${entry} KB before the first page, ${all} KB in all`)
} finally {
  await browser?.close()
  await scene.stop()
}

function summary(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0)
  return `p50 ${at(0.5)}, max ${at(1)} of ${sorted.length}`
}

/** `entry`: what index.html names, and what is always loaded with it. */
function scriptSizes(): { readonly entry: number; readonly all: number } {
  const dist = join(import.meta.dirname, '..', 'dist')
  const index = readFileSync(join(dist, 'index.html'), 'utf8')
  const sizes = readdirSync(join(dist, 'assets'))
    .filter((name) => name.endsWith('.js'))
    .map((name) => ({ name, bytes: gzipSync(readFileSync(join(dist, 'assets', name))).length }))
  const sum = (those: readonly { readonly bytes: number }[]) =>
    Math.round(those.reduce((total, { bytes }) => total + bytes, 0) / 1000)
  return { entry: sum(sizes.filter(({ name }) => index.includes(name))), all: sum(sizes) }
}
