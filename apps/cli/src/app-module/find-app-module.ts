import { existsSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { CliError } from '../cli-error.js'
import type { Project } from '../project.js'

/** In the order of looking. */
const PLACES = ['tasks.ts', 'src/tasks.ts', 'tasks.mts', 'tasks.js', 'tasks.mjs', 'src/tasks.js', 'src/tasks.mjs']

export interface AppModule {
  /** Absolute. */
  readonly file: string
  /** As messages name it: relative to the working directory where that is shorter. */
  readonly shown: string
}

/**
 * The app module: what `--app` names, else `package.json#millrace.app`, else one of the usual places. `undefined` when
 * nothing names one and none is there. Throws `CliError` when what is named does not exist.
 */
export function findAppModule(given: string | undefined, project: Project, cwd: string): AppModule | undefined {
  if (given !== undefined) return existing(resolve(cwd, given), cwd, '--app')
  if (project.app !== undefined) return existing(resolve(project.folder, project.app), cwd, 'package.json#millrace.app')
  const found = PLACES.map((place) => join(cwd, place)).find(isFile)
  return found === undefined ? undefined : { file: found, shown: shorten(found, cwd) }
}

/** The sentence for a command that cannot do without. */
export function noAppModule(cwd: string): CliError {
  return new CliError(
    `No app module found in ${cwd}: looked for ${PLACES.map((place) => `./${place}`).join(', ')}. Name it with --app or in package.json#millrace.app.`,
  )
}

function existing(file: string, cwd: string, by: string): AppModule {
  const shown = shorten(file, cwd)
  if (isFile(file)) return { file, shown }
  const dot = ['.ts', '.js', '.mjs', '.mts'].map((extension) => `${file}${extension}`).find(isFile)
  const hint =
    dot === undefined ? 'correct the path, which is relative to the working directory' : `say ${shorten(dot, cwd)}`
  throw new CliError(
    `App module ${shown} (${by}) not found: ${by === '--app' || dot !== undefined ? hint : 'correct the path, which is relative to package.json'}.`,
  )
}

function isFile(file: string): boolean {
  return existsSync(file) && statSync(file).isFile()
}

function shorten(file: string, cwd: string): string {
  const path = relative(cwd, file)
  return path === '' || path.startsWith('..') || isAbsolute(path) ? file : `./${path}`
}
