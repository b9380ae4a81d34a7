import { execFileSync } from 'node:child_process'
import { chmodSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findRedisServer } from '@millrace/embedded'

const SOURCE = fileURLToPath(new URL('../../clock/moved-clock.c', import.meta.url))

/** A redis-server whose wall clock can be moved while it runs. */
export interface MovableClock {
  /** The program to start instead. */
  readonly binary: string
  /** Moves it away from the machine's, in whole seconds; 0: back. */
  move(byMs: number): void
}

/** Builds it in a folder. `undefined` where there is no C compiler (`cc`), no `redis-server`, or no way to preload. */
export function makeMovableClock(dir: string): MovableClock | undefined {
  const server = findRedisServer()
  if (server === undefined || process.platform !== 'linux') return undefined
  const library = join(dir, 'moved-clock.so')
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, SOURCE, '-ldl'], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  const file = join(dir, 'moved-clock.ms')
  writeFileSync(file, Buffer.alloc(8))
  const binary = join(dir, 'redis-with-moved-clock')
  writeFileSync(binary, `#!/bin/sh\nCHAOS_CLOCK_FILE='${file}' LD_PRELOAD='${library}' exec '${server}' "$@"\n`)
  chmodSync(binary, 0o755)
  const offset = Buffer.alloc(8)
  const handle = openSync(file, 'r+')
  return {
    binary,
    move(byMs) {
      offset.writeBigInt64LE(BigInt(byMs))
      writeSync(handle, offset, 0, 8, 0)
    },
  }
}
