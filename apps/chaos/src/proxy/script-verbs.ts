import { createHash } from 'node:crypto'
import type { RespRequest } from './resp-requests.js'

export type Verb = 'enqueue' | 'exchange' | 'heartbeat'

/**
 * Which verb a command is. Learned from what passes: a script is sent by its text before it can be called by its hash, and
 * the names of its arguments tell what it does.
 */
export class ScriptVerbs {
  readonly #bySha = new Map<string, Verb>()

  of({ name, first }: RespRequest): Verb | undefined {
    if (name === 'evalsha') return this.#bySha.get(first)
    if (name !== 'eval') return undefined
    const verb = verbOf(first)
    if (verb !== undefined) this.#bySha.set(createHash('sha1').update(first, 'latin1').digest('hex'), verb)
    return verb
  }
}

function verbOf(source: string): Verb | undefined {
  const args = new Set([...source.matchAll(/^local (\w+)=ARGV\[\d+\]$/gm)].map((match) => match[1]))
  const are = (...names: string[]) => names.every((name) => args.has(name))
  if (are('session', 'number', 'plain')) return 'enqueue'
  if (are('slot', 'want')) return 'exchange'
  if (are('layout', 'name') && args.size === 2 && source.includes("'ZADD', workers")) return 'heartbeat'
  return undefined
}
