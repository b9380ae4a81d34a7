import { QUERY_KEYS, type QueryKey } from './job-filter.js'
import { JOB_STATES } from './job-states.js'
import { tokenizeQueryLine } from './tokenize-query-line.js'

export interface QueryCompletionData {
  readonly tasks: readonly string[]
  readonly queues: readonly string[]
}

export interface QueryCompletion {
  /** What to replace in the line. */
  readonly from: number
  readonly to: number
  /** What with; the best first, at most 20. */
  readonly options: readonly QueryCompletionOption[]
}

export interface QueryCompletionOption {
  readonly kind: 'key' | 'task' | 'queue' | 'state'
  readonly text: string
}

const MAX_OPTIONS = 20

/** What could stand at the caret: keys at the start of a term, known values behind a key. */
export function completeQueryLine(line: string, caret: number, data: QueryCompletionData): QueryCompletion {
  const at = Math.max(0, Math.min(line.length, caret))
  const token = tokenizeQueryLine(line.slice(0, at)).at(-1)
  if (token === undefined || token.to < at) return { from: at, to: at, options: keys('') }
  if (token.key === undefined) return { from: token.from, to: at, options: token.quoted ? [] : keys(token.value) }
  const known = valuesOf(token.key, data)
  if (known === undefined || token.quoted) return { from: at, to: at, options: [] }
  const from = Math.max(token.valueFrom, line.lastIndexOf(',', at - 1) + 1)
  const begun = line.slice(from, at)
  return { from, to: at, options: rank(known.values, begun).map((text) => ({ kind: known.kind, text })) }
}

function keys(begun: string): QueryCompletionOption[] {
  return rank(QUERY_KEYS, begun).map((key) => ({ kind: 'key', text: `${key}:` }))
}

function valuesOf(
  key: string,
  data: QueryCompletionData,
): { readonly kind: 'task' | 'queue' | 'state'; readonly values: readonly string[] } | undefined {
  switch (key as QueryKey) {
    case 'task':
      return { kind: 'task', values: data.tasks }
    case 'queue':
      return { kind: 'queue', values: data.queues }
    case 'state':
      return { kind: 'state', values: JOB_STATES }
    default:
      return undefined
  }
}

/** Those that begin so before those that hold it elsewhere; their own order otherwise. */
function rank(values: readonly string[], begun: string): string[] {
  const wanted = begun.toLowerCase()
  const begins = values.filter((value) => value.toLowerCase().startsWith(wanted))
  const holds = values.filter((value) => !begins.includes(value) && value.toLowerCase().includes(wanted))
  return [...begins, ...holds].slice(0, MAX_OPTIONS)
}
