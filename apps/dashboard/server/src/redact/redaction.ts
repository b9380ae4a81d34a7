import { InvalidOptionError } from '@millrace/core'
import { type JobSummary, matchGlob } from '@millrace/monitor'

/**
 * Task pattern (`*` stands for any characters) → what is hidden of such jobs: `input`, `result`, `headers`, `progress`, `error`, `log`, or
 * a path into one of the first four, e.g. `input.card.number`; `*` stands for every key or item at its place. `error` hides names,
 * messages, stacks and data of failures. Hidden values are hidden in log lines and progress as well, where they stand as they are.
 */
export type RedactOption = Readonly<Record<string, readonly string[]>>

export const REDACTED = '[redacted]'

const ROOTS = ['input', 'result', 'headers', 'progress', 'error', 'log']
/** These have no parts. */
const WHOLE = ['error', 'log']
type Root = 'input' | 'result' | 'headers' | 'progress'

/** What a job's handler may have said again. */
interface SaidFrom {
  readonly task: string | null
  readonly input: unknown
  readonly headers: Readonly<Record<string, string>>
  readonly result: object | null
}

/** Shorter values stand in too many texts by chance. */
const MIN_SECRET = 4
const MAX_SECRETS = 1_000

/** Hides parts of jobs before anything else sees them: pages, API, search and groups alike. */
export class Redaction {
  readonly #rules: readonly { readonly pattern: string; readonly paths: readonly (readonly string[])[] }[]

  /** Throws `InvalidOptionError` for a path that could hide nothing. */
  constructor(option: RedactOption) {
    this.#rules = Object.entries(option).map(([pattern, paths]) => ({ pattern, paths: paths.map(readPath) }))
  }

  /** What is hidden of this task's jobs, as it was written. A job whose task nobody can tell is hidden wherever anything is. */
  pathsOf(task: string | null): string[] {
    return this.#paths(task).map((path) => path.join('.'))
  }

  summary<Job extends JobSummary>(job: Job): Job {
    return job.lastFailure === null ? job : { ...job, lastFailure: this.failure(job.task, job.lastFailure) }
  }

  failure<Failure extends JobSummary['lastFailure'] & object>(task: string | null, failure: Failure): Failure {
    if (!this.#paths(task).some(([root]) => root === 'error')) return failure
    return { ...failure, name: REDACTED, message: REDACTED, stack: REDACTED, data: undefined }
  }

  value(task: string | null, root: Root, value: unknown): unknown {
    const paths = this.#paths(task)
      .filter(([first]) => first === root)
      .map((path) => path.slice(1))
    return paths.reduce<unknown>((hidden, path) => hide(hidden, path), value)
  }

  headers(task: string | null, headers: Readonly<Record<string, string>>): Record<string, string> {
    const seen = this.value(task, 'headers', headers)
    return seen === REDACTED ? {} : { ...(seen as Record<string, string>) }
  }

  /**
   * What the handler said, without what is hidden of the job elsewhere. Nothing of it where the job's own fields are gone while some of
   * them are hidden: nobody can tell them any more.
   */
  said(job: SaidFrom, what: 'progress' | 'log', value: unknown): unknown {
    const paths = this.#paths(job.task)
    if (paths.some(([root, ...rest]) => root === what && rest.length === 0)) return REDACTED
    const hidden = paths.filter(([root]) => root === 'input' || root === 'headers' || root === 'result')
    if (job.task === null && hidden.length > 0) return REDACTED
    const seen = what === 'progress' ? this.value(job.task, 'progress', value) : value
    if (hidden.length === 0) return seen
    const result = job.result !== null && 'output' in job.result ? job.result.output : undefined
    const whole = { input: job.input, headers: job.headers, result }
    const secrets = hidden.flatMap((path) => leavesAt(whole, path)).filter((text) => text.length >= MIN_SECRET)
    const longestFirst = secrets.slice(0, MAX_SECRETS).sort((a, b) => b.length - a.length)
    return withoutTexts(
      seen,
      longestFirst.flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]),
    )
  }

  #paths(task: string | null): (readonly string[])[] {
    return this.#rules.filter(({ pattern }) => task === null || matchGlob(pattern, task)).flatMap(({ paths }) => paths)
  }
}

function readPath(text: string): readonly string[] {
  const path = text.split('.')
  const [root = '', ...keys] = path
  if (ROOTS.includes(root) && (!WHOLE.includes(root) || keys.length === 0) && !keys.includes('')) return path
  throw new InvalidOptionError({
    option: 'redact',
    found: text,
    expected: 'error, log, or a path that begins with input, result, headers or progress, e.g. input.card.number',
  })
}

/** A copy without what stands at the path. */
function hide(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value === null || value === undefined ? value : REDACTED
  if (Array.isArray(value))
    return value.map((item, index) => (key === '*' || key === String(index) ? hide(item, rest) : item))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(
    ([name, each]) => [name, key === '*' || key === name ? hide(each, rest) : each] as const,
  )
  return Object.fromEntries(entries)
}

/** The texts and numbers at and below a path, as texts. */
function leavesAt(value: unknown, [key, ...rest]: readonly string[]): string[] {
  if (typeof value === 'string' || typeof value === 'number') return key === undefined ? [String(value)] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) =>
    key === undefined ? leavesAt(each, []) : key === '*' || key === name ? leavesAt(each, rest) : [],
  )
}

function withoutTexts(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return secrets.reduce((text, secret) => text.replaceAll(secret, REDACTED), value)
  if (typeof value === 'number') return secrets.includes(String(value)) ? REDACTED : value
  if (Array.isArray(value)) return value.map((one) => withoutTexts(one, secrets))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [withoutTexts(name, secrets) as string, withoutTexts(each, secrets)]),
  )
}
