import type { JobRef, JobView, Lane } from '@millrace/broker'
import type { FailureRecord, ObservedState } from '@millrace/core'

/** A row of lua/view.lua as a view. Malformed texts read as absent: looking must never fail. */
export function readView(lane: Lane, row: readonly unknown[]): JobView {
  const [id, state, message, attempts, crashes, history, time, cancelAsked, attrs] = row.map(String) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  const ref: JobRef = { lane, id }
  const at = time === '' ? undefined : Number(time)
  const observed = state as ObservedState
  const facts = parse(attrs) as { p?: number; j?: unknown; w?: number } | undefined
  return {
    ref,
    state: observed,
    wire: parse(message),
    attemptsUsed: Number(attempts),
    crashes: Number(crashes),
    history: readHistory(history),
    dueAt: observed === 'scheduled' || observed === 'retrying' ? at : undefined,
    failedAt: observed === 'failed' ? at : undefined,
    cancelAsked: cancelAsked === '1',
    priority: facts?.p ?? 0,
    joins: readJoins(facts?.j),
    waitsFor: facts?.w,
  }
}

function readJoins(stored: unknown): JobRef | undefined {
  if (!Array.isArray(stored)) return undefined
  const [queue, index, id] = stored as unknown[]
  return typeof queue === 'string' && typeof index === 'number' && typeof id === 'string'
    ? { lane: { queue, index }, id }
    : undefined
}

function readHistory(text: string): readonly FailureRecord[] {
  if (text === '') return []
  return text
    .split('\n')
    .map((line) => parse(line) as FailureRecord | undefined)
    .filter((record) => record !== undefined)
}

function parse(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
