import type { App } from 'millrace'
import { CliError } from '../cli-error.js'
import type { AppModule } from './find-app-module.js'

/** The app among a module's exports: the one named `app`, else the only one. Throws `CliError` for none or several. */
export function findAppExport(exports: Readonly<Record<string, unknown>>, module: AppModule): App {
  const named = [...Object.entries(exports), ...commonJsEntries(exports)]
  const apps = new Map<App, string>()
  for (const [name, value] of named) {
    if (!isApp(value)) continue
    if (name === 'app') return value
    if (!apps.has(value)) apps.set(value, name)
  }
  const [first] = apps.keys()
  if (first !== undefined && apps.size === 1) return first
  const promised = named.find(([, value]) => isPromise(value))
  if (first === undefined && promised !== undefined) {
    throw new CliError(
      `App module ${module.shown} exports a promise as "${promised[0]}": await it there, e.g. "export const app = await makeApp()".`,
    )
  }
  if (first === undefined) {
    throw new CliError(
      `App module ${module.shown} exports no app: add "export const app = createApp({ name: '…' })", or export the one it imports.`,
    )
  }
  throw new CliError(
    `App module ${module.shown} exports ${apps.size} apps (${[...apps.values()].join(', ')}): name the one to use "app".`,
  )
}

/** `module.exports = { app }` arrives as the default export. */
function commonJsEntries(exports: Readonly<Record<string, unknown>>): [string, unknown][] {
  const value = exports['default']
  return typeof value === 'object' && value !== null && !isApp(value) ? Object.entries(value) : []
}

function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}

/** By shape: the module's copy of Millrace may be another than this one. */
function isApp(value: unknown): value is App {
  if (typeof value !== 'object' || value === null) return false
  const { name, registry, broker, define } = value as Record<string, unknown>
  return (
    typeof name === 'string' &&
    typeof registry === 'object' &&
    registry !== null &&
    typeof broker === 'function' &&
    typeof define === 'function'
  )
}
