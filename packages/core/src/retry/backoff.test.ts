import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Duration } from '../duration/parse-duration.js'
import { InvalidOptionError } from '../errors/input-errors.js'
import { type Backoff, type BackoffOptions, DEFAULT_BACKOFF, type Jitter, resolveBackoff } from './backoff.js'
import { backoffDelay } from './backoff-delay.js'

describe('resolveBackoff', () => {
  test('completes what was written', () => {
    expect(resolveBackoff(undefined, 'x')).toBe(DEFAULT_BACKOFF)
    expect(resolveBackoff({ kind: 'exponential' }, 'x')).toEqual(DEFAULT_BACKOFF)
    expect(resolveBackoff({ kind: 'fixed', delay: '5s' }, 'x')).toEqual({ kind: 'fixed', delayMs: 5_000 })
    // An initial delay above the default maximum raises that.
    expect(resolveBackoff({ kind: 'exponential', initial: '1h' }, 'x')).toMatchObject({ maxMs: 3_600_000 })
  })
  test.each<[unknown, RegExp]>([
    ['fixed', /retry\.backoff/],
    [{}, /retry\.backoff/],
    [null, /retry\.backoff/],
    [{ kind: 'linear' }, /found "linear"/],
    [{ kind: 'fixed' }, /backoff\.delay/],
    [{ kind: 'fixed', dealy: 5 }, /Did you mean "delay"/],
    [{ kind: 'exponential', initial: '10s', max: '1s' }, /backoff\.max/],
    [{ kind: 'exponential', factor: 0.5 }, /backoff\.factor/],
    [{ kind: 'exponential', factor: Number.NaN }, /backoff\.factor/],
    [{ kind: 'exponential', jitter: 'some' }, /backoff\.jitter/],
  ])('refuses %#', (value, message) => {
    expect(() => resolveBackoff(value as BackoffOptions, 'retry.backoff')).toThrow(InvalidOptionError)
    expect(() => resolveBackoff(value as BackoffOptions, 'retry.backoff')).toThrow(message)
  })
})

describe('backoffDelay', () => {
  const exponential = (jitter: Jitter): Backoff => ({
    kind: 'exponential',
    initialMs: 1_000,
    maxMs: 10_000,
    factor: 2,
    jitter,
  })
  test.each<[Backoff, number, number, number]>([
    [{ kind: 'fixed', delayMs: 500 }, 7, 0.5, 500],
    [exponential('none'), 1, 0.5, 1_000],
    [exponential('none'), 2, 0.5, 2_000],
    [exponential('none'), 5, 0.5, 10_000],
    [exponential('none'), 1_000, 0.5, 10_000],
    [exponential('full'), 1, 0, 0],
    [exponential('full'), 2, 0.25, 500],
    [exponential('equal'), 2, 0, 1_000],
    [exponential('equal'), 2, 0.5, 1_500],
    [{ kind: 'custom', delay: (attempt) => `${attempt}m` }, 2, 0, 120_000],
  ])('%#', (backoff, attempt, random, ms) => expect(backoffDelay(backoff, attempt, undefined, () => random)).toBe(ms))

  test('is whole, never negative and never above the maximum', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e9 }),
        fc.integer({ min: 0, max: 1e9 }),
        fc.double({ min: 1, max: 100, noNaN: true }),
        fc.constantFrom<Jitter>('none', 'full', 'equal'),
        fc.integer({ min: 1, max: 1_000 }),
        (initialMs, more, factor, jitter, attempt) => {
          const maxMs = initialMs + more
          const ms = backoffDelay({ kind: 'exponential', initialMs, maxMs, factor, jitter }, attempt, undefined)
          expect(Number.isInteger(ms) && ms >= 0 && ms <= maxMs).toBe(true)
        },
      ),
    )
  })
  test('refuses what a custom function answers amiss', () => {
    expect(() => backoffDelay({ kind: 'custom', delay: () => -1 as Duration }, 1, undefined)).toThrow(
      InvalidOptionError,
    )
  })
})
