import { readFileSync } from 'node:fs'

let version: string | undefined

/** Of this package. */
export function dashboardVersion(): string {
  if (version === undefined) {
    const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
    version = (JSON.parse(manifest) as { version: string }).version
  }
  return version
}
