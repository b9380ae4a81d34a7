import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES: readonly string[] = ['redis-server', 'valkey-server']

/**
 * The path of the first `redis-server`, else `valkey-server`, on PATH; `undefined` when there is none.
 * `names`: look for these instead.
 */
export function findRedisServer(options: { names?: readonly string[] | undefined } = {}): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  for (const name of options.names ?? NAMES) {
    for (const folder of folders) {
      const file = join(folder, name)
      if (isExecutableFile(file)) return file
    }
  }
  return undefined
}

function isExecutableFile(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
