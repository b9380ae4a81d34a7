import vm from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NotSerializableError, PayloadTooLargeError } from '../errors/input-errors.js'
import { toJson } from './to-json.js'

const limits = { what: 'input of a', maxBytes: 1_048_576 }

function refusal(value: unknown, maxBytes = limits.maxBytes): unknown {
  try {
    toJson(value, { ...limits, maxBytes })
  } catch (error) {
    return error
  }
  return undefined
}

describe('toJson writes what reads back the same', () => {
  test('for every JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const json = toJson(value, limits)
        expect(json).toBe(JSON.stringify(value))
        // -0 is the one value that JSON writes as another.
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
  test('or refuses by name, for any value at all', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true }), (value) => {
        const error = refusal(value)
        const written = error === undefined ? JSON.parse(toJson(value, limits)) : error
        expect(written).toEqual(error instanceof NotSerializableError ? error : normal(value))
      }),
    )
  })
  test.each([
    [{ a: undefined, b: 1 }, '{"b":1}'],
    [Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    [JSON.parse('{"__proto__":{"x":1},"constructor":2}'), '{"__proto__":{"x":1},"constructor":2}'],
    ['\ud800', '"\\ud800"'],
    [-0, '0'],
    [vm.runInNewContext('({ a: [1, { b: null }] })'), '{"a":[1,{"b":null}]}'],
  ])('%#', (value, json) => expect(toJson(value, limits)).toBe(json))
  test('undefined as null, where allowed', () => {
    expect(toJson(undefined, { ...limits, allowUndefined: true })).toBe('null')
    expect(refusal(undefined)).toMatchObject({ path: '', found: 'undefined' })
  })
  test('the same part twice, which is no cycle', () => {
    const part = { x: 1 }
    expect(toJson([part, part], limits)).toBe('[{"x":1},{"x":1}]')
  })
})

describe('toJson refuses with path and what was found', () => {
  class Money {
    amount = 5
  }
  class List extends Array {}
  const cyclic: Record<string, unknown> = { name: 'x' }
  cyclic.inner = [{ back: cyclic }]
  const inner: Record<string, unknown> = {}
  inner.self = inner
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  const longCycle: Record<string, unknown> = {}
  let link = longCycle
  for (let index = 0; index < 250; index++) {
    const next: Record<string, unknown> = {}
    link.n = next
    link = next
  }
  link.n = longCycle

  test.each<[string, unknown, string, RegExp]>([
    ['BigInt', { a: 1n }, 'a', /^a BigInt$/],
    ['Map', { a: { b: new Map() } }, 'a.b', /^a Map$/],
    ['Set', [new Set()], '[0]', /^a Set$/],
    ['Date', { when: [new Date(0)] }, 'when[0]', /^a Date$/],
    ['invalid Date', { when: new Date(Number.NaN) }, 'when', /^an invalid Date$/],
    ['function', { 'on-end': () => 1 }, '["on-end"]', /^a function$/],
    ['symbol', { a: Symbol('s') }, 'a', /^a symbol$/],
    ['symbol key', { a: { [Symbol('s')]: 1 } }, 'a', /symbol as key/],
    ['NaN', { a: Number.NaN }, 'a', /^NaN$/],
    ['Infinity', [Number.NEGATIVE_INFINITY], '[0]', /^-Infinity$/],
    ['undefined in an array', { a: [1, undefined] }, 'a[1]', /^undefined$/],
    ['hole', Object.assign(new Array(3), { 0: 1 }), '[1]', /^undefined$/],
    ['class instance', { price: new Money() }, 'price', /^a Money$/],
    ['array subclass', { a: new List() }, 'a', /List/],
    ['boxed number', { a: Object(1) }, 'a', /^a Number$/],
    ['Buffer', { a: Buffer.from('x') }, 'a', /Buffer/],
    ['Error', { a: new TypeError('x') }, 'a', /^a TypeError$/],
    ['toJSON', { a: { toJSON: () => 1 } }, 'a.toJSON', /^a function$/],
    ['cycle', cyclic, 'inner[0].back', /reference back to the value itself/],
    ['self', { a: inner }, 'a.self', /reference back to a$/],
    [
      'cycle of 250',
      longCycle,
      'n.'.repeat(251).slice(0, -1),
      /reference back to the value itself|reference back to $/,
    ],
    ['getter that throws', { a: Object.defineProperty({}, 'b', { enumerable: true, get: boom }) }, 'a.b', /getter/],
    ['revoked proxy', proxy, '', /throws when read/],
  ])('%s', (_, value, path, found) => {
    const error = refusal(value)
    expect(error).toBeInstanceOf(NotSerializableError)
    expect(error).toMatchObject({ path, found: expect.stringMatching(found) })
  })
})

describe('toJson refuses what is too large', () => {
  test.each([
    ['x'.repeat(98), 100, undefined],
    ['x'.repeat(99), 100, 101],
    ['é'.repeat(49), 100, undefined],
    ['é'.repeat(50), 100, 102],
    ['\u0001'.repeat(20), 100, 122],
    [Array.from({ length: 1_000 }, () => 1), 2_001, undefined],
    [Array.from({ length: 1_000 }, () => 1), 2_000, 2_001],
  ])('%#', (value, maxBytes, size) => {
    const error = refusal(value, maxBytes)
    expect(error instanceof PayloadTooLargeError).toBe(size !== undefined)
    expect(error ?? {}).toMatchObject(size === undefined ? {} : { size, limit: maxBytes, unit: 'bytes' })
  })
  test('the limit is exact for every value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const bytes = Buffer.byteLength(JSON.stringify(value))
        expect(refusal(value, bytes)).toBeUndefined()
        expect(refusal(value, bytes - 1)).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', size: bytes })
      }),
    )
  })
  test.each([
    [200, undefined],
    [201, 201],
    [5_000, 5_000],
  ])('%d levels', (depth, size) => {
    let value: unknown = 1
    for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value }
    const error = refusal(value)
    expect(error instanceof PayloadTooLargeError).toBe(size !== undefined)
    expect(error ?? {}).toMatchObject(size === undefined ? {} : { unit: 'levels', size, limit: 200 })
  })
  test('a small graph that repeats its parts without end', () => {
    let value: unknown = 'x'
    for (let level = 0; level < 100; level++) value = [value, value]
    const error = refusal(value)
    expect(error).toBeInstanceOf(PayloadTooLargeError)
    expect((error as Error).message).toContain('at least')
  })
})

function boom(): never {
  throw new Error('boom')
}

/** What the value is once properties that are `undefined` are left out and -0 is 0. */
function normal(value: unknown): unknown {
  if (typeof value === 'number') return value + 0
  if (Array.isArray(value)) return value.map(normal)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(entries.map(([key, item]) => [key, normal(item)]))
}
