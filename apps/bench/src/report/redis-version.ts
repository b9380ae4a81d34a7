import { execFileSync } from 'node:child_process'
import { findRedisServer } from '@millrace/embedded'

/** Of the server on PATH. Throws `Error` when there is none. */
export function redisVersion(): string {
  const binary = findRedisServer()
  if (binary === undefined) throw new Error('no redis-server and no valkey-server on PATH: install one')
  const said = execFileSync(binary, ['--version'], { encoding: 'utf8' })
  return /v=(\S+)/.exec(said)?.[1] ?? said.trim()
}
