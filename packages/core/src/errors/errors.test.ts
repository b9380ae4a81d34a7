import { describe, expect, test } from 'vitest'
import * as brokerErrors from './broker-errors.js'
import { ERROR_CATALOGUE } from './catalogue.js'
import { describeValue } from './describe-value.js'
import { Fatal } from './fatal.js'
import * as inputErrors from './input-errors.js'
import * as jobErrors from './job-errors.js'
import { brandError, MillraceError } from './millrace-error.js'

const failure = {
  name: 'TypeError',
  message: 'x is not a function',
  stack: 'TypeError: …',
  data: { code: 5 },
  reason: 'error',
  attempt: 3,
  at: 1,
} as const

const samples: readonly (readonly [name: string, error: MillraceError, message: RegExp])[] = [
  [
    'InvalidInputError',
    new inputErrors.InvalidInputError({ task: 'a', issues: [{ path: 'to', message: 'Invalid email' }] }),
    /a does not fit.*at to: Invalid email\.$/,
  ],
  ['NotSerializableError', new inputErrors.NotSerializableError({ path: 'a.b', found: 'a Date' }), /a\.b.*toISOString/],
  [
    'PayloadTooLargeError',
    new inputErrors.PayloadTooLargeError({ what: 'input of a', size: 2_000_000, limit: 1_048_576 }),
    /input of a is 2,000,000 bytes, the limit is 1,048,576/,
  ],
  [
    'PayloadTooLargeError',
    new inputErrors.PayloadTooLargeError({ what: 'input', size: 201, limit: 200, unit: 'levels' }),
    /201 levels deep, the limit is 200/,
  ],
  [
    'InvalidNameError',
    new inputErrors.InvalidNameError({ what: 'task name', name: 'a b' }),
    /"a b".*task name.*letters/,
  ],
  [
    'InvalidOptionError',
    new inputErrors.InvalidOptionError({ option: 'x.timeout', found: 'soon', expected: 'a duration', suggestion: 'y' }),
    /x\.timeout: found "soon", expected a duration\. Did you mean "y"\?$/,
  ],
  [
    'UnknownTaskError',
    new inputErrors.UnknownTaskError({ task: 'mail.snd', known: ['mail.send', 'other'] }),
    /Did you mean "mail\.send"\?$/,
  ],
  ['LockNotWonError', new brokerErrors.LockNotWonError({ key: 'k', waitMs: 5 }), /"k" is held by another.*5 ms/],
  ['UniqueConflictError', new brokerErrors.UniqueConflictError({ key: 'k', holder: 'j1' }), /"k" is held by job j1/],
  [
    'OutcomeUnknownError',
    new brokerErrors.OutcomeUnknownError({ what: 'enqueue of 5 jobs', ids: ['a', 'b', 'c', 'd', 'e'] }),
    /enqueue of 5 jobs may or may not.*\(a, b, c, …\)/,
  ],
  [
    'BrokerUnavailableError',
    new brokerErrors.BrokerUnavailableError({
      what: 'ping timed out',
      address: 'redis://me:secret@host:6379',
      cause: new Error('ECONNREFUSED'),
    }),
    /^Broker at redis:\/\/\*\*\*@host:6379 unavailable: ping timed out \(ECONNREFUSED\); nothing was done/,
  ],
  ['BrokerFullError', new brokerErrors.BrokerFullError(), /out of memory/],
  [
    'BrokerUnfitError',
    new brokerErrors.BrokerUnfitError({ what: 'it evicts keys', fix: 'set noeviction' }),
    /evicts.*set/,
  ],
  ['LayoutMismatchError', new brokerErrors.LayoutMismatchError({ found: 2, expected: 1 }), /layout 2.*layout 1/],
  ['StaleEpochError', new brokerErrors.StaleEpochError({ epoch: 1, seen: 2 }), /Epoch 1 is stale, epoch 2/],
  ['LeaseLostError', new brokerErrors.LeaseLostError({ lane: 'mail/0', incarnation: 'w1' }), /of w1 on lane mail\/0/],
  ['ResultTimeoutError', new jobErrors.ResultTimeoutError({ id: 'j', timeoutMs: 10 }), /within 10 ms/],
  ['ResultNotKeptError', new jobErrors.ResultNotKeptError({ id: 'j', task: 'a' }), /Job j of a/],
  ['JobCancelledError', new jobErrors.JobCancelledError({ id: 'j' }), /Job j was cancelled/],
  ['JobExpiredError', new jobErrors.JobExpiredError({ id: 'j' }), /Job j expired/],
  ['JobTimedOutError', new jobErrors.JobTimedOutError({ timeoutMs: 10 }), /timeout of 10 ms/],
  [
    'JobFailedError',
    new jobErrors.JobFailedError({ jobId: 'j', task: 'a', attempts: 3, failure }),
    /^x is not a function$/,
  ],
  ['Fatal', new Fatal('no such order'), /^no such order$/],
]

describe.each(samples)('%s', (name, error, message) => {
  test('is a MillraceError of its own name and a code of the catalogue', () => {
    expect(error).toBeInstanceOf(MillraceError)
    expect(error).toBeInstanceOf(Error)
    expect(error.name).toBe(name)
    expect(ERROR_CATALOGUE).toHaveProperty(error.code)
    expect(error.retryable).toBe(ERROR_CATALOGUE[error.code].retryable)
    expect(error.stack).toContain(name)
  })
  test('says what was found and how to fix it', () => expect(error.message).toMatch(message))
})

test('every code but the bare ones has a class', () => {
  const covered = new Set(samples.map(([, error]) => error.code))
  const bare = Object.keys(ERROR_CATALOGUE).filter((code) => !covered.has(code as keyof typeof ERROR_CATALOGUE))
  expect(bare.sort()).toEqual(['INTERNAL', 'MISFIT_LINK'])
})

test('a failed job carries the remote error as data', () => {
  const error = new jobErrors.JobFailedError({ jobId: 'j', task: 'a', attempts: 3, failure })
  expect(error).toMatchObject({
    jobId: 'j',
    task: 'a',
    attempts: 3,
    reason: 'error',
    remoteName: 'TypeError',
    remoteStack: 'TypeError: …',
    data: { code: 5 },
  })
})

describe('instanceof', () => {
  class OtherCopy extends MillraceError {
    static {
      brandError(OtherCopy, 'Fatal')
    }
  }
  test('holds for another copy of the class', () => {
    expect(new OtherCopy('JOB_FAILED', 'x')).toBeInstanceOf(Fatal)
  })
  test('tells classes apart', () => {
    expect(new Fatal('x')).not.toBeInstanceOf(inputErrors.InvalidInputError)
    expect(new Error('x')).not.toBeInstanceOf(MillraceError)
  })
  test("a user's subclass is its own class and its parent's", () => {
    class GivenUp extends Fatal {}
    expect(new GivenUp('x')).toBeInstanceOf(GivenUp)
    expect(new GivenUp('x')).toBeInstanceOf(Fatal)
    expect(new Fatal('x')).not.toBeInstanceOf(GivenUp)
  })
  test.each([undefined, null, 'Fatal', 5, Object.create(null)])('refuses %#', (value) => {
    expect((value as unknown) instanceof Fatal).toBe(false)
  })
  test('refuses a proxy that throws', () => expect(revokedProxy() instanceof Fatal).toBe(false))
})

describe('cause', () => {
  test('an error stays itself', () => {
    const cause = new TypeError('x')
    expect(new Fatal('y', { cause }).cause).toBe(cause)
  })
  test.each<[string, () => unknown, string]>([
    ['text', () => 'text', 'text'],
    ['null', () => null, 'null'],
    ['a hostile proxy', revokedProxy, 'a value that throws when read'],
  ])('anything else becomes one: %s', (_, cause, message) => {
    const error = new Fatal('y', { cause: cause() })
    expect(error.cause).toBeInstanceOf(Error)
    expect((error.cause as Error).message).toBe(message)
  })
  test('none is none', () => expect(new Fatal('y')).not.toHaveProperty('cause'))
})

describe('describeValue', () => {
  test.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [Number.NaN, 'NaN'],
    ['a "b"', '"a \\"b\\""'],
    [5n, 'the BigInt 5n'],
    [2n ** 1_000_000n, 'a huge BigInt'],
    [Symbol('s'), 'Symbol(s)'],
    [() => 1, 'a function'],
    [[1, 2], 'an array of 2'],
    [{}, 'an object'],
    [Object.create(null), 'an object'],
    [new Map(), 'a Map'],
    [new Error('x'), 'an Error'],
    ['redis://u:p@h/0', '"redis://***@h/0"'],
  ])('%#', (value, text) => expect(describeValue(value)).toBe(text))
  test('never throws', () => expect(describeValue(revokedProxy())).toBe('a value that throws when read'))
  test('is bounded', () => expect(describeValue('x'.repeat(1e6)).length).toBeLessThan(100))
})

function revokedProxy(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
