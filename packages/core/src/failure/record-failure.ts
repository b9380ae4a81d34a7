import { describeValue } from '../errors/describe-value.js'
import { toJson } from '../message/to-json.js'
import type { FailureReason, FailureRecord } from './failure-record.js'

const MAX_NAME = 128
const MAX_MESSAGE = 2_048
const MAX_STACK = 4_096
const MAX_DATA_BYTES = 2_048
const MAX_CAUSES = 4
const MAX_AGGREGATED = 3
/** The frame of the function that enters handlers in a worker: `millraceHandler` of run-attempt.ts. */
const BOUNDARY = '\n    at millraceHandler ('
/** What a cause adds to the stack text; keeps the error's own frames from being crowded out. */
const MAX_CAUSE = 512

/**
 * Makes a bounded, printable record of anything that can be thrown: undefined, null, frozen objects, proxies, getters that
 * throw, objects without a prototype, cyclic causes. Never throws.
 */
export function recordFailure(
  error: unknown,
  context: { readonly reason: FailureReason; readonly attempt: number; readonly at: number },
): FailureRecord {
  const stack = stackOf(error)
  const data = dataOf(error)
  return {
    name: nameOf(error),
    message: bounded(messageOf(error), MAX_MESSAGE),
    ...(stack === undefined ? {} : { stack }),
    ...(data === undefined ? {} : { data }),
    reason: context.reason,
    attempt: context.attempt,
    at: context.at,
  }
}

/** The same failure, its message followed by what went wrong while it was judged. */
export function annotateFailure(failure: FailureRecord, what: string, error: unknown): FailureRecord {
  const note = bounded(` (${what}: ${nameOf(error)}: ${messageOf(error)})`, MAX_MESSAGE / 2)
  return { ...failure, message: bounded(failure.message, MAX_MESSAGE - note.length) + note }
}

function nameOf(error: unknown): string {
  const name = textProperty(error, 'name') || constructorName(error)
  return name === '' ? 'NonError' : bounded(name, MAX_NAME)
}

/** The class of an error-like object that hides its name. */
function constructorName(error: unknown): string {
  if (textProperty(error, 'message') === undefined) return ''
  return textProperty(property(error, 'constructor'), 'name') ?? ''
}

function messageOf(error: unknown): string {
  if (typeof error === 'string') return error
  const message = textProperty(error, 'message')
  if (message === undefined) return `Thrown: ${shown(error)}`
  if (message !== '') return message
  return aggregatedMessage(error) || textProperty(error, 'code') || ''
}

/** Plain data is shown as JSON: `throw { code: 5 }`. */
function shown(thrown: unknown): string {
  if (typeof thrown !== 'object') return describeValue(thrown)
  try {
    return toJson(thrown, { what: 'thrown value', maxBytes: MAX_CAUSE })
  } catch {
    return describeValue(thrown)
  }
}

/** An `AggregateError` often says nothing itself: what it holds does. */
function aggregatedMessage(error: unknown): string {
  const messages: string[] = []
  for (let index = 0; index < MAX_AGGREGATED; index++) {
    const message = textProperty(property(property(error, 'errors'), index), 'message')
    if (message) messages.push(bounded(message, MAX_CAUSE))
  }
  return messages.join('; ')
}

function stackOf(error: unknown): string | undefined {
  const own = textProperty(error, 'stack')
  const causes = causesOf(error)
  if (own === undefined && causes === '') return undefined
  return shared(bounded(shortHeader(ownFrames(own ?? ''), error), MAX_STACK - causes.length) + causes)
}

let lastStack = ''

/** Failures come in rows of the same: their records hold one text, not one each. */
function shared(stack: string): string {
  if (stack !== lastStack) lastStack = stack
  return lastStack
}

/** The handler's own frames: those of the worker below them tell nobody anything. A stack without the boundary stays whole. */
function ownFrames(stack: string): string {
  const at = stack.indexOf(BOUNDARY)
  return at < 0 ? stack : stack.slice(0, at)
}

/** A stack repeats the message before the frames; a long one would crowd them out. */
function shortHeader(stack: string, error: unknown): string {
  const frames = stack.indexOf('\n    at ')
  if (frames <= MAX_CAUSE) return stack
  return bounded(`${nameOf(error)}: ${messageOf(error)}`, MAX_CAUSE) + stack.slice(frames)
}

function causesOf(error: unknown): string {
  let text = ''
  const seen: unknown[] = [error]
  let cause = property(error, 'cause')
  for (let count = 0; count < MAX_CAUSES && cause !== undefined && cause !== null; count++) {
    if (seen.includes(cause)) break
    seen.push(cause)
    text += bounded(`\n[cause] ${nameOf(cause)}: ${messageOf(cause)}`, MAX_CAUSE)
    cause = property(cause, 'cause')
  }
  return text
}

function dataOf(error: unknown): unknown {
  const data = property(error, 'data')
  if (data === undefined || data === null) return undefined
  try {
    const json = toJson(data, { what: 'data of an error', maxBytes: MAX_DATA_BYTES })
    return JSON.parse(json.replace(ESCAPE, replaceLoneSurrogate))
  } catch {
    return undefined
  }
}

/** In the text that `JSON.stringify` writes, a surrogate is escaped only where it stands alone. */
const ESCAPE = /\\(?:u(d[89a-f][0-9a-f]{2})|.)/g

function replaceLoneSurrogate(sequence: string, surrogate: string | undefined): string {
  return surrogate === undefined ? sequence : '\ufffd'
}

function textProperty(value: unknown, key: string): string | undefined {
  const text = property(value, key)
  return typeof text === 'string' ? text : undefined
}

/** A property of anything; `undefined` where reading it throws. */
function property(value: unknown, key: PropertyKey): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  try {
    return (value as Record<PropertyKey, unknown>)[key]
  } catch {
    return undefined
  }
}

/** At most so many UTF-16 units, well-formed. */
function bounded(text: string, max: number): string {
  if (text.length <= max) return text.toWellFormed()
  let end = Math.max(0, max - 1)
  // A pair is kept whole or dropped whole.
  if (end > 0 && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end--
  return `${text.slice(0, end).toWellFormed()}…`
}
