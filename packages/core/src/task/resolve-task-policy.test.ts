import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { InvalidNameError, InvalidOptionError } from '../errors/input-errors.js'
import { DEFAULT_BACKOFF } from '../retry/backoff.js'
import { checkPolicyDefaults, resolveTaskPolicy } from './resolve-task-policy.js'
import type { TaskOptions, TaskPolicyOptions } from './task-options.js'

test('without a word, everything is the default', () => {
  expect(resolveTaskPolicy('a', {})).toEqual({
    queue: 'default',
    attempts: 3,
    backoff: DEFAULT_BACKOFF,
    when: undefined,
    timeoutMs: undefined,
    hardTimeoutMs: undefined,
    delivery: 'at-least-once',
    resultKeepMs: 0,
    expiresMs: undefined,
    maxCrashes: 3,
    aliases: [],
    version: undefined,
  })
})

test('durations become ms, once', () => {
  expect(
    resolveTaskPolicy('a', { timeout: '30s', hardTimeout: '1m', expires: 5, results: { keep: '1d' } }),
  ).toMatchObject({ timeoutMs: 30_000, hardTimeoutMs: 60_000, expiresMs: 5, resultKeepMs: 86_400_000 })
})

describe('over the defaults of the app', () => {
  const when = () => true
  test.each<[string, TaskOptions, TaskPolicyOptions, object]>([
    ['the task wins', { queue: 'mail' }, { queue: 'other' }, { queue: 'mail' }],
    ['undefined says nothing', { queue: undefined }, { queue: 'other' }, { queue: 'other' }],
    ['retry is merged', { retry: { attempts: 5 } }, { retry: { attempts: 2, when } }, { attempts: 5, when }],
    ['an output keeps its result', { output: z.string() }, {}, { resultKeepMs: 3_600_000 }],
    ['results: false wins over an output', { output: z.string(), results: false }, {}, { resultKeepMs: 0 }],
    ['also from the app', { output: z.string() }, { results: false }, { resultKeepMs: 0 }],
    ['at-most-once implies one attempt', { delivery: 'at-most-once' }, {}, { attempts: 1, maxCrashes: 1 }],
    [
      'also over a default of the app',
      { delivery: 'at-most-once' },
      { retry: { attempts: 5 }, maxCrashes: 9 },
      { attempts: 1, maxCrashes: 1 },
    ],
    ['aliases are kept once', { aliases: ['x', 'x', 'y'] }, {}, { aliases: ['x', 'y'] }],
  ])('%s', (_, options, defaults, policy) => {
    expect(resolveTaskPolicy('a', options, defaults)).toMatchObject(policy)
  })
})

describe('refuses', () => {
  test.each<[unknown, unknown, RegExp]>([
    [{ retries: 3 }, {}, /a\.retries/],
    [{ timout: 3 }, {}, /Did you mean "timeout"\?/],
    [{ retry: { attempt: 3 } }, {}, /a\.retry\.attempt:.*Did you mean "attempts"\?/],
    [{ retry: 3 }, {}, /a\.retry/],
    [{ retry: { attempts: 0 } }, {}, /a\.retry\.attempts: found 0, expected a whole number from 1 to 1,000/],
    [{ retry: { attempts: 1_001 } }, {}, /attempts/],
    [{ retry: { attempts: 1.5 } }, {}, /attempts/],
    [{ retry: { attempts: '3' } }, {}, /attempts/],
    [{ retry: { when: true } }, {}, /a\.retry\.when/],
    [{ maxCrashes: 101 }, {}, /a\.maxCrashes/],
    [{ timeout: 0 }, {}, /a\.timeout/],
    [{ timeout: '30' }, {}, /a\.timeout/],
    [{ timeout: '30s', hardTimeout: '10s' }, {}, /a\.hardTimeout.*at least a\.timeout/],
    [{ expires: 0 }, {}, /a\.expires/],
    [{ results: true }, {}, /a\.results/],
    [{ results: { keep: 0 } }, {}, /a\.results\.keep/],
    [{ results: { kep: 5 } }, {}, /Did you mean "keep"/],
    [{ delivery: 'once' }, {}, /a\.delivery/],
    [{ delivery: 'at-most-once', retry: { attempts: 2 } }, {}, /a\.retry\.attempts.*a\.delivery is 'at-most-once'/],
    [{ delivery: 'at-most-once', maxCrashes: 2 }, {}, /a\.maxCrashes.*at-most-once/],
    [{ retry: { attempts: 2 } }, { delivery: 'at-most-once' }, /a\.retry\.attempts.*defaults\.delivery/],
    [{ version: 5 }, {}, /a\.version/],
    [{ aliases: 'x' }, {}, /a\.aliases/],
    [{}, { input: {} }, /defaults\.input/],
    [{}, { timeout: 'soon' }, /defaults\.timeout/],
    [null, {}, /a: found null/],
  ])('%#', (options, defaults, message) => {
    const resolve = () => resolveTaskPolicy('a', options as TaskOptions, defaults as TaskPolicyOptions)
    expect(resolve).toThrow(InvalidOptionError)
    expect(resolve).toThrow(message)
  })
  test.each([{ queue: 'a b' }, { aliases: ['a b'] }])('names by their rule %#', (options) => {
    expect(() => resolveTaskPolicy('a', options)).toThrow(InvalidNameError)
  })
})

test('checkPolicyDefaults checks keys and values', () => {
  expect(checkPolicyDefaults({ timeout: '5s' })).toEqual({ timeout: '5s' })
  expect(() => checkPolicyDefaults({ aliases: [] })).toThrow(/defaults\.aliases/)
  expect(() => checkPolicyDefaults({ timeout: 'x' })).toThrow(/defaults\.timeout/)
})
