import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Fatal } from '../errors/fatal.js'
import { annotateFailure, recordFailure } from './record-failure.js'

const context = { reason: 'error', attempt: 2, at: 1_000 } as const
const record = (error: unknown) => recordFailure(error, context)

function checkBounds(failure: ReturnType<typeof record>): void {
  expect(failure.name.length).toBeGreaterThan(0)
  expect(failure.name.length).toBeLessThanOrEqual(128)
  expect(failure.message.length).toBeLessThanOrEqual(2_048)
  expect(failure.stack?.length ?? 0).toBeLessThanOrEqual(4_096)
  for (const text of [failure.name, failure.message, failure.stack ?? '']) expect(text.isWellFormed()).toBe(true)
  expect(JSON.parse(JSON.stringify(failure))).toEqual(failure)
}

class Hostile extends Error {
  override get message(): string {
    throw new Error('getter')
  }
  override get stack(): string {
    throw new Error('getter')
  }
  override get name(): string {
    throw new Error('getter')
  }
  override get cause(): unknown {
    throw new Error('getter')
  }
  get data(): unknown {
    throw new Error('getter')
  }
}

function trapped(): unknown {
  const trap = () => {
    throw new Error('trap')
  }
  return new Proxy({}, { get: trap, has: trap, ownKeys: trap, getPrototypeOf: trap, getOwnPropertyDescriptor: trap })
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

function cyclicCause(): Error {
  const first = new Error('first')
  const second = new Error('second', { cause: first })
  first.cause = second
  return first
}

describe('recordFailure', () => {
  test.each<[string, unknown, string, RegExp]>([
    ['an error', new TypeError('bad'), 'TypeError', /^bad$/],
    ['undefined', undefined, 'NonError', /^Thrown: undefined$/],
    ['null', null, 'NonError', /^Thrown: null$/],
    ['a string', 'boom', 'NonError', /^boom$/],
    ['a number', 5, 'NonError', /^Thrown: 5$/],
    ['a BigInt', 2n ** 5_000_000n, 'NonError', /huge BigInt/],
    ['a symbol', Symbol('s'), 'NonError', /^Thrown: Symbol\(s\)$/],
    ['a function', () => 1, 'NonError', /^Thrown: a function$/],
    ['plain data', { code: 5 }, 'NonError', /^Thrown: \{"code":5\}$/],
    ['a frozen object', Object.freeze({ message: 'cold' }), 'Object', /^cold$/],
    ['no prototype', Object.create(null), 'NonError', /^Thrown: \{\}$/],
    ['an error-like object', { name: 'Odd', message: 'm', stack: 5 }, 'Odd', /^m$/],
    ['getters that throw', new Hostile(), 'NonError', /^Thrown: a Hostile$/],
    ['a proxy that throws', trapped(), 'NonError', /^Thrown: a value that throws when read$/],
    ['a revoked proxy', revoked(), 'NonError', /^Thrown: a value that throws when read$/],
    ['a promise', Promise.resolve(), 'NonError', /^Thrown: a Promise$/],
    ['a silent aggregate', new AggregateError([new Error('a'), 5, new Error('b')]), 'AggregateError', /^a; b$/],
    ['a code only', Object.assign(new Error(''), { code: 'ECONNREFUSED' }), 'Error', /^ECONNREFUSED$/],
    ['lone surrogates', new Error('a\ud800b\udc00'), 'Error', /^a\ufffdb\ufffd$/],
    ['10 MB', new Error('x'.repeat(10_000_000)), 'Error', /^x+…$/],
    ['a long name', Object.assign(new Error('m'), { name: 'N'.repeat(500) }), `${'N'.repeat(127)}…`, /^m$/],
  ])('%s', (_, error, name, message) => {
    const failure = record(error)
    expect(failure).toMatchObject({ ...context, name })
    expect(failure.message).toMatch(message)
    checkBounds(failure)
  })

  test('keeps the frames of an error with a huge message', () => {
    expect(record(new Error('x'.repeat(10_000_000))).stack).toContain('record-failure.test.ts')
  })
  test('shows causes once, also when they are cyclic', () => {
    expect(record(cyclicCause()).stack?.match(/\[cause\]/g)).toHaveLength(1)
    expect(record(new Error('x', { cause: 'why' })).stack).toContain('[cause] NonError: why')
  })
  test('never cuts a pair in two', () => {
    for (const pad of ['', 'x']) checkBounds(record(new Error(pad + '💡'.repeat(5_000))))
  })
  test('never throws and is always bounded, for anything', () => {
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withMap: true }),
        (value) => {
          checkBounds(record(value))
          checkBounds(record({ message: value, name: value, stack: value, cause: value, data: value }))
          checkBounds(record({ message: '', errors: value, code: value, constructor: value }))
        },
      ),
    )
  })
})

describe('data', () => {
  test.each([
    [{ code: 5 }, { code: 5 }],
    ['text', 'text'],
    [undefined, undefined],
    [new Map(), undefined],
    [1n, undefined],
    ['x'.repeat(3_000), undefined],
    [{ a: '\ud800' }, { a: '\ufffd' }],
    [{ a: '\\ud800' }, { a: '\\ud800' }],
    [{ a: 'x💡\n' }, { a: 'x💡\n' }],
    [trapped(), undefined],
  ])('%#', (data, kept) => expect(record(new Fatal('x', { data })).data).toEqual(kept))
  test('is a copy', () => {
    const data = { code: 5 }
    expect(record(new Fatal('x', { data })).data).not.toBe(data)
  })
})

test('annotateFailure keeps both texts within bounds', () => {
  const failure = annotateFailure(
    record(new Error('x'.repeat(5_000))),
    'retry.when threw',
    new TypeError('y'.repeat(5_000)),
  )
  expect(failure.message).toMatch(/^x+… \(retry\.when threw: TypeError: y+…$/)
  checkBounds(failure)
})

test('a stack ends where the worker enters the handler', () => {
  const thrown = Object.assign(new Error('boom'), {
    stack:
      'Error: boom\n    at inner (a.js:1:1)\n    at handler (a.js:2:1)\n    at millraceHandler (w.js:3:1)\n    at call (w.js:4:1)',
  })
  expect(record(thrown).stack).toBe('Error: boom\n    at inner (a.js:1:1)\n    at handler (a.js:2:1)')
})
