import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CliError } from './cli-error.js'
import { errorText } from './error-text.js'

/** What `package.json#millrace` says. */
export interface Project {
  /** Where the `package.json` is: paths in it are relative to this. */
  readonly folder: string
  readonly app: string | undefined
  readonly name: string | undefined
}

/** Reads the nearest `package.json`, upwards from `from`. Throws `CliError` for one that is no JSON or says nonsense. */
export function readProject(from: string): Project {
  const file = nearestManifest(from)
  if (file === undefined) return { folder: from, app: undefined, name: undefined }
  const folder = dirname(file)
  const { millrace = {} } = parseManifest(file)
  if (typeof millrace !== 'object' || millrace === null) {
    throw new CliError(`"millrace" in ${file} must be an object, e.g. { "app": "./src/tasks.ts" }.`)
  }
  const { app, name } = millrace as Record<string, unknown>
  return { folder, app: text(file, 'app', app), name: text(file, 'name', name) }
}

function nearestManifest(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (existsSync(file)) return file
    if (dirname(folder) === folder) return undefined
  }
}

function parseManifest(file: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {}
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${errorText(error)}.`, { cause: error })
  }
}

function text(file: string, key: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  throw new CliError(`"millrace.${key}" in ${file} must be a string.`)
}
