import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findRedisServer } from '@millrace/embedded'
import { findChromium } from './find-chromium.ts'

const BUILT = join(import.meta.dirname, '../../dist/index.html')

/** Why tests in a browser cannot run here; undefined where they can. */
export function whySkipped(): string | undefined {
  if (findChromium() === undefined) return 'no chromium on PATH'
  if (!existsSync(BUILT)) return 'the pages are not built: pnpm build'
  if (process.env.MILLRACE_TEST_REDIS === 'none' || findRedisServer() === undefined) return 'no redis-server on PATH'
  return undefined
}
