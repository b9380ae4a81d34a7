import { InvalidOptionError } from '@millrace/core'
import { type JobSummary, matchGlob } from '@millrace/monitor'

/**
 * Task pattern (`*` stands for any characters) → what is hidden of such jobs: `input`, `result`, `headers`, `error`, or a path into
 * one of the first three, e.g. `input.card.number`; `*` stands for every key or item at its place. `error` hides names, messages,
 * stacks and data of failures.
 */
export type RedactOption = Readonly<Record<string, readonly string[]>>

export const REDACTED = '[redacted]'

const ROOTS = ['input', 'result', 'headers', 'error']
type Root = 'input' | 'result' | 'headers'

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

  #paths(task: string | null): (readonly string[])[] {
    return this.#rules.filter(({ pattern }) => task === null || matchGlob(pattern, task)).flatMap(({ paths }) => paths)
  }
}

function readPath(text: string): readonly string[] {
  const path = text.split('.')
  const [root = '', ...keys] = path
  if (ROOTS.includes(root) && (root !== 'error' || keys.length === 0) && !keys.includes('')) return path
  throw new InvalidOptionError({
    option: 'redact',
    found: text,
    expected: 'error, or a path that begins with input, result or headers, e.g. input.card.number',
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
