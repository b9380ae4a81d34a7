import { ERROR_CATALOGUE, type ErrorCode } from './catalogue.js'
import { describeValue } from './describe-value.js'

const BRAND = Symbol('millrace error brand')

interface Branded {
  readonly [BRAND]: symbol
}

/**
 * The base of every error that Millrace throws: a stable `code`, one sentence that says what was found and how to fix it,
 * and a `cause` that, where present, is always an `Error`.
 *
 * `instanceof` also holds for errors made by another installed copy of this package.
 */
export class MillraceError extends Error {
  declare readonly code: ErrorCode

  static {
    brandError(MillraceError, 'MillraceError')
  }

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options?.cause === undefined ? undefined : { cause: causeError(options.cause) })
    this.code = code
  }

  /** Whether the same call may succeed later, unchanged. */
  get retryable(): boolean {
    return ERROR_CATALOGUE[this.code]?.retryable ?? false
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (!Object.hasOwn(this, BRAND)) return Function.prototype[Symbol.hasInstance].call(this, value)
    if (typeof value !== 'object' || value === null) return false
    try {
      return (value as Record<symbol, unknown>)[(this as unknown as Branded)[BRAND]] === true
    } catch {
      // A proxy whose traps throw is none of ours.
      return false
    }
  }
}

/**
 * Gives an error class its `name` and the registered symbol by which `instanceof` knows its instances, whichever copy
 * of the package made them. A subclass without a brand of its own keeps the ordinary `instanceof`.
 */
export function brandError(target: { readonly prototype: MillraceError }, name: string): void {
  const brand = Symbol.for(`millrace.error.${name}`)
  Object.defineProperty(target, BRAND, { value: brand })
  Object.defineProperty(target.prototype, brand, { value: true })
  Object.defineProperty(target.prototype, 'name', { value: name, configurable: true, writable: true })
}

function causeError(cause: unknown): Error {
  try {
    // The tag also knows errors of another realm.
    if (cause instanceof Error || Object.prototype.toString.call(cause) === '[object Error]') return cause as Error
  } catch {
    return new Error(describeValue(cause))
  }
  return new Error(typeof cause === 'string' ? cause : describeValue(cause))
}
