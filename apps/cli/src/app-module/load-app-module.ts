import { readFileSync } from 'node:fs'
import { dirname, extname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { App } from 'millrace'
import { CliError } from '../cli-error.js'
import { errorPlace } from '../error-place.js'
import { errorText } from '../error-text.js'
import { findAppExport } from './find-app-export.js'
import type { AppModule } from './find-app-module.js'

const TYPESCRIPT = ['.ts', '.mts', '.cts', '.tsx']

/** Loads the module as it is, TypeScript and decorators included, and gives its app. Throws `CliError`. */
export async function loadAppModule(module: AppModule): Promise<App> {
  const url = pathToFileURL(module.file).href
  const stop = reportUnfinished(module)
  try {
    // Node itself reads TypeScript, but no decorators, enums or parameter properties.
    if (TYPESCRIPT.includes(extname(module.file))) (await import('tsx/esm/api')).register()
    const exports = (await import(url)) as Record<string, unknown>
    return findAppExport(exports, module)
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError(`App module ${module.shown} does not load: ${explain(error, module, url)}.`, { cause: error })
  } finally {
    stop()
  }
}

/** Node ends without a word when a module waits for something that never comes. */
function reportUnfinished(module: AppModule): () => void {
  const report = () => {
    process.exitCode = 1
    process.stderr.write(
      `error: App module ${module.shown} never finished loading: it awaits something that never comes.\n`,
    )
  }
  process.once('exit', report)
  return () => process.off('exit', report)
}

function explain(error: unknown, module: AppModule, url: string): string {
  const decorated = decoratedLine(error, module)
  if (decorated !== undefined) {
    return `${decorated} has decorators, which Node itself does not read: write that file in TypeScript (.ts), or compile it with tsc or esbuild first`
  }
  const text = errorText(error).replace(/\.+$/, '')
  const name = error instanceof Error && !['Error', 'TransformError'].includes(error.name) ? `${error.name}: ` : ''
  const place = errorPlace(error, dirname(fileURLToPath(url)))
  return place === undefined || text.includes(place.split(':')[0] as string)
    ? `${name}${text}`
    : `${name}${text} (at ${place})`
}

/** `file:line` of a decorator in a module that Node found to be no JavaScript. Node does not say where it stopped. */
function decoratedLine(error: unknown, module: AppModule): string | undefined {
  if (!(error instanceof SyntaxError) || TYPESCRIPT.includes(extname(module.file))) return undefined
  const lines = readFileSync(module.file, 'utf8').split('\n')
  const at = lines.findIndex((line) => /^\s*@[\w$]/.test(line))
  return at < 0 ? undefined : `${module.shown}:${at + 1}`
}
