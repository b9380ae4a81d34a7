import { createHash } from 'node:crypto'
import type { RespRequest } from './resp-requests.js'

/** What a command does to the queue. */
export type Verb =
  | { readonly name: 'enqueue' | 'end-ahead' | 'heartbeat' }
  /** Whether it brings verdicts, and whether it asks for jobs. */
  | { readonly name: 'exchange'; readonly settles: boolean; readonly reserves: boolean }

/** Argument of a script → its position, from 0. */
type Arguments = ReadonlyMap<string, number>

/** Figures per tallied task, before the verdicts. */
const TALLY = 5

/**
 * Which verb a command is. Learned from what passes: a script is sent by its text before it can be called by its hash, and
 * the names of its arguments tell what it does.
 */
export class ScriptVerbs {
  readonly #bySha = new Map<string, Arguments>()

  of(request: RespRequest): Verb | undefined {
    const [first = ''] = request.args
    if (request.name === 'evalsha') return verbOf(this.#bySha.get(first), request)
    if (request.name !== 'eval') return undefined
    const names = argumentsOf(first)
    if (verbOf(names, request) !== undefined) {
      this.#bySha.set(createHash('sha1').update(first, 'latin1').digest('hex'), names)
    }
    return verbOf(names, request)
  }
}

function argumentsOf(source: string): Arguments {
  const lines = [...source.matchAll(/^local (\w+)=ARGV\[(\d+)\]$/gm)]
  const names = new Map(lines.map(([, name = '', position]) => [name, Number(position) - 1]))
  // Two verbs have these arguments; only one extends a lease.
  if (names.size === 2 && names.has('layout') && names.has('name') && source.includes("'ZADD', workers")) {
    names.set('(heartbeat)', -1)
  }
  return names
}

function verbOf(names: Arguments | undefined, { args, count }: RespRequest): Verb | undefined {
  if (names === undefined) return undefined
  const are = (...wanted: string[]) => wanted.every((name) => names.has(name))
  if (are('session', 'number', 'plain')) return { name: 'enqueue' }
  if (are('token', 'id', 'keep', 'output')) return { name: 'end-ahead' }
  if (are('(heartbeat)')) return { name: 'heartbeat' }
  if (!are('slot', 'want', 'tallies')) return undefined
  // Before the arguments stand the script, the number of keys and the keys.
  const start = 2 + Number(args[1])
  const value = (name: string) => Number(args[start + (names.get(name) ?? 0)])
  const fixed = (names.get('tallies') ?? 0) + 1
  return {
    name: 'exchange',
    settles: count - start > fixed + TALLY * value('tallies'),
    reserves: value('want') > 0,
  }
}
