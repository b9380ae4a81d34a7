import { closestName } from '../names/closest-name.js'
import { unregisteredHint } from '../task/declared-tasks.js'
import { describeValue } from './describe-value.js'
import { brandError, MillraceError } from './millrace-error.js'

/** One thing that a schema found wrong. */
export interface InputIssue {
  /** Where, e.g. `items[3].price`; empty for the value itself. */
  readonly path: string
  readonly message: string
}

const MAX_ISSUES_SHOWN = 3

/** A value that the task's schema refuses. Nothing was written. */
export class InvalidInputError extends MillraceError {
  declare readonly code: 'INVALID_INPUT'
  readonly task: string
  readonly issues: readonly InputIssue[]

  static {
    brandError(InvalidInputError, 'InvalidInputError')
  }

  constructor(detail: { readonly task: string; readonly issues: readonly InputIssue[]; readonly cause?: unknown }) {
    super('INVALID_INPUT', `Input of ${detail.task} does not fit its schema: ${issuesText(detail.issues)}.`, detail)
    this.task = detail.task
    this.issues = detail.issues
  }
}

/** A value that JSON would drop or change. `path` is empty for the value itself. */
export class NotSerializableError extends MillraceError {
  declare readonly code: 'NOT_SERIALIZABLE'
  readonly path: string
  /** What was found there, in words. */
  readonly found: string

  static {
    brandError(NotSerializableError, 'NotSerializableError')
  }

  constructor(detail: { readonly path: string; readonly found: string; readonly cause?: unknown }) {
    const where = detail.path === '' ? 'The value itself' : `The value at ${detail.path}`
    super(
      'NOT_SERIALIZABLE',
      `${where} is ${detail.found}, which JSON cannot carry unchanged: ${remedy(detail.found)}.`,
      detail,
    )
    this.path = detail.path
    this.found = detail.found
  }
}

/** A value over its limit: `size` and `limit` in `unit`. */
export class PayloadTooLargeError extends MillraceError {
  declare readonly code: 'PAYLOAD_TOO_LARGE'
  readonly size: number
  readonly limit: number
  readonly unit: 'bytes' | 'levels'

  static {
    brandError(PayloadTooLargeError, 'PayloadTooLargeError')
  }

  /** `atLeast`: counting stopped at `size`; the whole is larger. */
  constructor(detail: {
    readonly what: string
    readonly size: number
    readonly limit: number
    readonly unit?: 'bytes' | 'levels'
    readonly atLeast?: boolean
  }) {
    const unit = detail.unit ?? 'bytes'
    const size = `${detail.atLeast ? 'at least ' : ''}${figure(detail.size)}`
    super(
      'PAYLOAD_TOO_LARGE',
      unit === 'bytes'
        ? `The ${detail.what} is ${size} bytes, the limit is ${figure(detail.limit)}: store the data elsewhere and send its address, or raise the limit.`
        : `The ${detail.what} is nested ${size} levels deep, the limit is ${figure(detail.limit)}: flatten it.`,
    )
    this.size = detail.size
    this.limit = detail.limit
    this.unit = unit
  }
}

const NAME_RULE =
  'use 1 to 128 letters, digits, dots, underscores, colons or hyphens, starting with a letter or a digit'

/** A name or id that breaks its rule. */
export class InvalidNameError extends MillraceError {
  declare readonly code: 'INVALID_NAME'

  static {
    brandError(InvalidNameError, 'InvalidNameError')
  }

  /** `rule`: how to name it right; default: the rule of task, queue and app names. */
  constructor(detail: { readonly what: string; readonly name: unknown; readonly rule?: string }) {
    super('INVALID_NAME', `${describeValue(detail.name)} is no valid ${detail.what}: ${detail.rule ?? NAME_RULE}.`)
  }
}

/** An unknown option, a wrong value or unit, or a contradiction. */
export class InvalidOptionError extends MillraceError {
  declare readonly code: 'INVALID_OPTION'
  readonly option: string

  static {
    brandError(InvalidOptionError, 'InvalidOptionError')
  }

  /**
   * `found` is the value as given, shown in a few words; `expected` says what would be right;
   * `suggestion` is the known name that was probably meant. `unknown`: there is no option of this name.
   */
  constructor(detail: {
    readonly option: string
    readonly found: unknown
    readonly expected: string
    readonly suggestion?: string | undefined
    readonly unknown?: boolean
  }) {
    const found = detail.unknown === true ? 'no option has this name' : `found ${describeValue(detail.found)}`
    const hint = detail.suggestion === undefined ? '' : ` Did you mean "${detail.suggestion}"?`
    super('INVALID_OPTION', `Invalid option ${detail.option}: ${found}, expected ${detail.expected}.${hint}`)
    this.option = detail.option
  }
}

/** A task name that nobody registered here. */
export class UnknownTaskError extends MillraceError {
  declare readonly code: 'UNKNOWN_TASK'
  readonly task: string

  static {
    brandError(UnknownTaskError, 'UnknownTaskError')
  }

  /** `known`: the registered names, to suggest from. */
  constructor(detail: { readonly task: string; readonly known?: readonly string[] }) {
    const declared = unregisteredHint(detail.task)
    const meant = closestName(detail.task, detail.known ?? [])
    const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`
    super(
      'UNKNOWN_TASK',
      declared === undefined
        ? `No task named ${describeValue(detail.task)} is registered here: define it and import the module that does.${hint}`
        : `No task named ${describeValue(detail.task)} is registered here. ${declared}`,
    )
    this.task = detail.task
  }
}

function issuesText(issues: readonly InputIssue[]): string {
  const shown = issues
    .slice(0, MAX_ISSUES_SHOWN)
    .map((issue) => `at ${issue.path === '' ? 'the value itself' : issue.path}: ${issue.message.slice(0, 200)}`)
  const hidden = issues.length - shown.length
  if (hidden > 0) shown.push(`and ${hidden} more`)
  return shown.length === 0 ? 'no reason given' : shown.join('; ')
}

const REMEDIES: readonly (readonly [start: string, remedy: string])[] = [
  ['a Date', 'use toISOString()'],
  ['an invalid Date', 'check the date first'],
  ['a Map', 'use Object.fromEntries() or an array of entries'],
  ['a Set', 'use an array'],
  ['a BigInt', 'use a string'],
  ['a function', 'remove it'],
  ['a symbol', 'remove it or use a string'],
  ['NaN', 'use null or leave it out'],
  ['Infinity', 'use null or leave it out'],
  ['-Infinity', 'use null or leave it out'],
  ['undefined', 'use null'],
  ['a reference', 'refer to it by an id'],
]

function remedy(found: string): string {
  return (
    REMEDIES.find(([start]) => found.startsWith(start))?.[1] ?? 'convert it to plain objects, arrays, strings, numbers'
  )
}

function figure(count: number): string {
  return count.toLocaleString('en-US')
}
