import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

/** The browser of this machine: what MILLRACE_TEST_CHROMIUM names (`none`: none), else the first on PATH. */
export function findChromium(): string | undefined {
  const named = process.env.MILLRACE_TEST_CHROMIUM
  if (named !== undefined && named !== '') return named === 'none' ? undefined : named
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
