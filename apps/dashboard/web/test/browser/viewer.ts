import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { PASSWORD, type RoleName } from '../scene/scene-users.ts'

/** Waits by name: Playwright says which locator it waited for. */
const DEADLINE_MS = 30_000

/** A window whose viewer has signed in with this role, under the role's name. */
export async function openViewer(
  browser: Browser,
  url: string,
  role: RoleName,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly context: BrowserContext }> {
  const context = await openContext(browser, url, options)
  const page = await context.newPage()
  await page.goto('/')
  await signIn(page, role)
  return { page, context }
}

export async function openContext(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1440, height: 900 }, ...options })
  context.setDefaultTimeout(DEADLINE_MS)
  return context
}

export async function signIn(page: Page, role: RoleName, password = PASSWORD): Promise<void> {
  await page.getByLabel('Name').fill(role)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  if (password === PASSWORD) await page.getByRole('navigation', { name: 'Pages' }).waitFor({ state: 'attached' })
}

export async function showsHeading(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
}
