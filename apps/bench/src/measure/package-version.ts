import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The version of an installed package; `undefined`: it is not installed. Works for packages that hide their package.json. */
export function packageVersion(name: string): string | undefined {
  let folder: string
  try {
    folder = dirname(fileURLToPath(import.meta.resolve(name)))
  } catch {
    return undefined
  }
  for (;;) {
    const found = readManifest(join(folder, 'package.json'))
    if (found?.name === name && found.version !== undefined) return found.version
    const parent = dirname(folder)
    if (parent === folder) return undefined
    folder = parent
  }
}

function readManifest(path: string): { name?: string; version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { name?: string; version?: string }
  } catch {
    return undefined
  }
}
