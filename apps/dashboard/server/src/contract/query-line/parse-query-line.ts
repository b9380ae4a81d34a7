import { type JobFilter, MAX_QUERY_CHARACTERS, MAX_QUERY_TERMS, QUERY_KEYS, type QueryKey } from './job-filter.js'
import { JOB_STATES, type JobState } from './job-states.js'
import { type QueryToken, tokenizeQueryLine } from './tokenize-query-line.js'

export interface QueryProblem {
  /** Where in the line, in UTF-16 units. */
  readonly from: number
  readonly to: number
  /** One sentence, with the fix. */
  readonly message: string
}

export interface QueryLineResult {
  readonly filter: JobFilter
  /** Empty: the line is good. Terms with a problem are not part of `filter`. */
  readonly problems: readonly QueryProblem[]
}

/**
 * Reads a query line: terms with blanks between them, all of which have to hold.
 *
 * - `task:mail.*` `queue:mail,default` — names; `*` stands for any characters, a comma for "or"
 * - `state:retrying,failed` — states
 * - `id:01K…` `fingerprint:3fa9…` — exactly
 * - `error:timeout` `error:"read timeout"` — part of the last failure's name or message, whatever the case
 * - anything else: part of the id, the task or the last failure
 *
 * Never throws. There are no regular expressions.
 */
export function parseQueryLine(line: string): QueryLineResult {
  if (line.length > MAX_QUERY_CHARACTERS) {
    const message = `The query has ${line.length} characters: make it ${MAX_QUERY_CHARACTERS} at most.`
    return { filter: collect([]), problems: [{ from: MAX_QUERY_CHARACTERS, to: line.length, message }] }
  }
  const tokens = tokenizeQueryLine(line)
  const problems: QueryProblem[] = []
  const terms: Term[] = []
  for (const token of tokens) {
    const term = readTerm(token)
    if ('message' in term) problems.push({ from: token.from, to: token.to, message: term.message })
    else terms.push(term)
  }
  const values = terms.reduce((sum, term) => sum + term.values.length, 0)
  const extra = tokens[MAX_QUERY_TERMS]
  if (extra !== undefined || values > MAX_QUERY_TERMS) {
    const message = `The query has too many conditions: ${MAX_QUERY_TERMS} at most.`
    problems.push({ from: extra?.from ?? 0, to: line.length, message })
    return { filter: collect([]), problems }
  }
  return { filter: collect(terms), problems }
}

interface Term {
  readonly key: QueryKey | 'text'
  readonly values: readonly string[]
}

function readTerm(token: QueryToken): Term | { readonly message: string } {
  const { key, value } = token
  if (token.open) return { message: 'A quote is not closed: add " at its end.' }
  if (key === undefined) return { key: 'text', values: [value] }
  if (!isKey(key)) {
    return { message: `There is no "${key}:": use ${QUERY_KEYS.join(', ')}, or put quotes around the text.` }
  }
  const splits = !token.quoted && key !== 'error'
  const values = (splits ? value.split(',') : [value]).filter((part) => part !== '')
  if (values.length === 0) return { message: `"${key}:" has no value: write one right behind the colon.` }
  const unknown = key === 'state' ? values.find((state) => !isState(state)) : undefined
  if (unknown !== undefined) return { message: `There is no state "${unknown}": use ${JOB_STATES.join(', ')}.` }
  return { key, values }
}

function collect(terms: readonly Term[]): JobFilter {
  const of = (key: Term['key']) => [...new Set(terms.filter((term) => term.key === key).flatMap((term) => term.values))]
  return {
    tasks: of('task'),
    queues: of('queue'),
    states: of('state') as JobState[],
    ids: of('id'),
    errors: of('error'),
    fingerprints: of('fingerprint'),
    texts: of('text'),
  }
}

function isKey(key: string): key is QueryKey {
  return (QUERY_KEYS as readonly string[]).includes(key)
}

function isState(state: string): state is JobState {
  return (JOB_STATES as readonly string[]).includes(state)
}
