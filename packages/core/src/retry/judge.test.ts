import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Fatal } from '../errors/fatal.js'
import { toJson } from '../message/to-json.js'
import { resolveTaskPolicy } from '../task/resolve-task-policy.js'
import type { TaskPolicy } from '../task/task-policy.js'
import { type Case, judge, UNKNOWN_TASK_PATIENCE_MS } from './judge.js'
import type { Outcome } from './outcome.js'
import { CANCELLED, SUCCEEDED } from './verdict.js'

const policy = resolveTaskPolicy('a', { retry: { backoff: { kind: 'fixed', delay: 700 } } })
const given: Omit<Case, 'outcome'> = {
  attempt: 1,
  policy,
  atMostOnce: false,
  feeds: false,
  enqueuedAt: 1_000,
  now: 2_000,
  encodeOutput: (value) => toJson(value, { what: 'output', maxBytes: 100, allowUndefined: true }),
}
const threw: Outcome = { kind: 'threw', error: new Error('boom') }
const judged = (outcome: Outcome, more: Partial<Case> = {}) => judge({ ...given, outcome, ...more })
const keeps = (keepMs: number): TaskPolicy => ({ ...policy, resultKeepMs: keepMs })

describe('a handler that returned', () => {
  test('succeeds, and its output is not even looked at when nobody wants it', () => {
    const encodeOutput = () => {
      throw new Error('looked')
    }
    expect(judged({ kind: 'returned', value: 1n }, { encodeOutput })).toBe(SUCCEEDED)
  })
  test.each([
    [keeps(50), false, { kind: 'succeed', outputJson: '{"a":1}', keepMs: 50 }],
    [keeps(0), true, { kind: 'succeed', outputJson: '{"a":1}', keepMs: 0 }],
  ])('hands its output on: %#', (kept, feeds, verdict) => {
    expect(judged({ kind: 'returned', value: { a: 1 } }, { policy: kept, feeds })).toEqual(verdict)
  })
  test.each([[new Map()], ['x'.repeat(200)]])('fails at once with an output that cannot be kept: %#', (value) => {
    expect(judged({ kind: 'returned', value }, { policy: keeps(50) })).toMatchObject({
      kind: 'fail',
      keepMs: 50,
      failure: { reason: 'invalid-output', attempt: 1, at: 2_000 },
    })
  })
})

describe('a handler that threw', () => {
  test.each<[string, Outcome, Partial<Case>, string, string]>([
    ['has attempts left', threw, { attempt: 2 }, 'retry', 'error'],
    ['has none left', threw, { attempt: 3 }, 'fail', 'error'],
    ['has more than none left', threw, { attempt: 9 }, 'fail', 'error'],
    ['threw Fatal', { kind: 'threw', error: new Fatal('no') }, {}, 'fail', 'fatal'],
    ['timed out', { kind: 'timed-out', timeoutMs: 50 }, {}, 'retry', 'timeout'],
    ['timed out for the last time', { kind: 'timed-out', timeoutMs: 50 }, { attempt: 3 }, 'fail', 'timeout'],
    ['asked for a retry', { kind: 'asked-retry', delayMs: 5 }, {}, 'retry', 'retry-asked'],
    ['asked in vain', { kind: 'asked-retry', delayMs: 5 }, { attempt: 3 }, 'fail', 'retry-asked'],
    ['is at-most-once by the job', threw, { atMostOnce: true }, 'fail', 'error'],
    ['is at-most-once by policy', threw, { policy: { ...policy, delivery: 'at-most-once' } }, 'fail', 'error'],
    ['is at-most-once and asked', { kind: 'asked-retry', delayMs: 5 }, { atMostOnce: true }, 'fail', 'retry-asked'],
    ['has no policy', threw, { policy: undefined }, 'fail', 'error'],
    ['is refused by when', threw, { policy: { ...policy, when: () => false } }, 'fail', 'error'],
    ['is let by when', threw, { policy: { ...policy, when: () => true } }, 'retry', 'error'],
  ])('%s', (_, outcome, more, kind, reason) => {
    expect(judged(outcome, more)).toMatchObject({ kind, failure: { reason } })
  })

  test.each<[string, Partial<TaskPolicy>]>([
    ['retry.when', { when: boom }],
    ['retry.when', { when: (async () => false) as never }],
    ['retry.backoff', { backoff: { kind: 'custom', delay: boom } }],
    ['retry.backoff', { backoff: { kind: 'custom', delay: () => 'soon' as never } }],
  ])('fails with both errors named where %s goes wrong', (name, wrong) => {
    const verdict = judged(threw, { policy: { ...policy, ...wrong } })
    expect(verdict).toMatchObject({ kind: 'fail', failure: { name: 'Error', reason: 'error' } })
    expect(verdict.kind === 'fail' && verdict.failure.message).toMatch(new RegExp(`^boom \\(${name} threw: `))
  })
  test('waits as the backoff says, or as it asked', () => {
    expect(judged(threw)).toMatchObject({ delayMs: 700 })
    expect(judged({ kind: 'asked-retry', delayMs: 5 })).toMatchObject({ delayMs: 5 })
    expect(judged({ kind: 'asked-retry', delayMs: undefined })).toMatchObject({ delayMs: 700 })
  })
  test('gives when and backoff what was thrown', () => {
    const seen: unknown[] = []
    const error = { odd: true }
    judged(
      { kind: 'threw', error },
      {
        policy: {
          ...policy,
          when: (thrown) => seen.push(thrown) > 0,
          backoff: { kind: 'custom', delay: (attempt, thrown) => seen.push(attempt, thrown) },
        },
      },
    )
    expect(seen).toEqual([error, 1, error])
  })
})

describe('an attempt that was aborted', () => {
  test.each<['cancelled' | 'released' | 'lease-lost', boolean, object]>([
    ['cancelled', false, CANCELLED],
    ['cancelled', true, CANCELLED],
    ['released', false, { kind: 'release', delayMs: 0 }],
    ['released', true, { kind: 'fail', failure: { reason: 'error' } }],
    ['lease-lost', false, { kind: 'release', delayMs: 0 }],
    ['lease-lost', true, { kind: 'fail', failure: { reason: 'lease-lost' } }],
  ])('%s (at most once: %s)', (why, atMostOnce, verdict) => {
    expect(judged({ kind: 'aborted', why }, { atMostOnce })).toMatchObject(verdict)
  })
})

describe('a job that could not be started', () => {
  test.each(['malformed', 'invalid-input'] as const)('fails, not retried: %s', (kind) => {
    expect(judged({ kind, error: new Error('x') })).toMatchObject({ kind: 'fail', failure: { reason: kind } })
  })
  test.each([
    [0, 'release'],
    [-5_000, 'release'],
    [UNKNOWN_TASK_PATIENCE_MS - 1, 'release'],
    [UNKNOWN_TASK_PATIENCE_MS, 'fail'],
  ])('unknown task, %d ms old: %s', (age, kind) => {
    const verdict = judged({ kind: 'unknown-task', task: 'b' }, { policy: undefined, now: given.enqueuedAt + age })
    expect(verdict).toMatchObject(
      kind === 'release' ? { kind, delayMs: 5_000 } : { kind, failure: { reason: 'unknown-task' } },
    )
  })
})

test('never throws, never retries past the last attempt, never runs an at-most-once job again', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.record({ kind: fc.constant('threw' as const), error: fc.anything() }),
        fc.record({ kind: fc.constant('returned' as const), value: fc.anything() }),
        fc.record({ kind: fc.constant('malformed' as const), error: fc.anything() }),
        fc.constant<Outcome>({ kind: 'timed-out', timeoutMs: 5 }),
        fc.constant<Outcome>({ kind: 'asked-retry', delayMs: undefined }),
        fc.constantFrom<Outcome>({ kind: 'aborted', why: 'released' }, { kind: 'aborted', why: 'lease-lost' }),
      ),
      fc.integer({ min: 1, max: 10 }),
      fc.boolean(),
      fc.boolean(),
      (outcome, attempt, atMostOnce, feeds) => {
        const verdict = judged(outcome, { attempt, atMostOnce, feeds })
        const allowed = new Set(['succeed', 'fail'])
        if (!atMostOnce) allowed.add('release')
        if (!atMostOnce && attempt < policy.attempts) allowed.add('retry')
        expect(allowed).toContain(verdict.kind)
      },
    ),
  )
})

function boom(): never {
  throw new TypeError('inner')
}
