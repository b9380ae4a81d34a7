import { type Browser, chromium } from 'playwright-core'
import { findChromium } from './find-chromium.ts'

/** Without a sandbox, since tests may run as root, and without a word to anybody outside. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error('There is no chromium on PATH: apt-get install chromium')
  return chromium.launch({ executablePath, args: ARGUMENTS })
}
