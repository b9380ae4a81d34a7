import { describe, expect, test } from 'vitest'
import { openViewer, showsHeading } from './browser/viewer.ts'
import { whySkipped } from './browser/why-skipped.ts'
import { inBrowser } from './scene/in-browser.ts'
import type { RoleName } from './scene/scene-users.ts'

const skipped = whySkipped()

describe.skipIf(skipped !== undefined)(`roles (${skipped ?? 'in the browser'})`, () => {
  const stage = inBrowser()

  test.each<[RoleName, { pauses: number; purges: number; stops: number; audit: boolean; status: number }]>([
    ['viewer', { pauses: 0, purges: 0, stops: 0, audit: false, status: 403 }],
    ['operator', { pauses: 0, purges: 0, stops: 0, audit: false, status: 403 }],
    ['admin', { pauses: 1, purges: 1, stops: 1, audit: true, status: 200 }],
  ])('%s: offered is what it may do, and the server refuses the rest', async (role, may) => {
    const { page, context } = await openViewer(stage.browser, stage.scene.url, role)
    await page.goto('/queues')
    await page.getByRole('link', { name: 'images' }).waitFor()
    expect(await page.getByRole('button', { name: /^(Pause|Resume) images$/ }).count()).toBe(may.pauses)
    expect(await page.getByRole('button', { name: 'Purge images…' }).count()).toBe(may.purges)
    await page.goto('/workers')
    await page.getByRole('meter').first().waitFor()
    expect(await page.getByRole('button', { name: /^Stop / }).count()).toBe(may.stops)
    expect(await page.getByRole('link', { name: 'Audit' }).count()).toBe(may.audit ? 1 : 0)

    // What is not offered is asked for all the same, with the viewer's own session.
    const asked = (path: string) =>
      page.evaluate<number>(`fetch(${JSON.stringify(path)}, {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}'
      }).then((answer) => answer.status)`)
    expect(await asked('/api/v1/queues/images/pause')).toBe(may.status)
    expect(await asked('/api/v1/queues/images/purge')).toBe(may.purges === 1 ? 202 : 403)

    await page.goto('/audit')
    await showsHeading(page, 'Audit')
    if (may.audit) await page.getByRole('row').filter({ hasText: 'queue.pause' }).first().waitFor()
    else await page.getByText('Only admins read the audit log.').waitFor()
    await context.close()
  })
})
