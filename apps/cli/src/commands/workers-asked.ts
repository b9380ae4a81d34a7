import type { Options } from 'yargs'
import { UsageError } from '../cli-error.js'

export const ALL_WORKERS = { type: 'boolean', describe: 'Every worker of the app' } as const satisfies Options

/** Whom a command about workers is for; `undefined`: no ids were given. */
export function workersAsked(ids: readonly string[] = [], all = false): readonly string[] | undefined {
  if (ids.length === 0) return undefined
  if (all) throw new UsageError('Give worker ids or --all, not both.')
  return ids
}
