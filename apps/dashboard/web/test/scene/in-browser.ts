import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { openBrowser } from '../browser/open-browser.ts'
import { fillScene } from './fill-scene.ts'
import { type Scene, startScene } from './start-scene.ts'

/** A scene with its worker, and a browser, for all tests of a block. */
export interface InBrowser {
  readonly scene: Scene
  readonly browser: Browser
}

/** To be called where the block's tests are collected. `filled`: with jobs in every state. */
export function inBrowser({ filled = true } = {}): InBrowser {
  let scene: Scene
  let browser: Browser
  beforeAll(async () => {
    scene = await startScene()
    await scene.startWorker()
    if (filled) await fillScene(scene)
    browser = await openBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await scene?.stop()
  })
  return {
    get scene() {
      return scene
    },
    get browser() {
      return browser
    },
  }
}
