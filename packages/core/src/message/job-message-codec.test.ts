import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MessageExtras } from './job-message.js'
import { encodeMessage, readMessage } from './job-message-codec.js'

describe('encodeMessage', () => {
  test('writes the plain form', () => {
    expect(encodeMessage('math.add', '{"x":2}', 1_700_000_000_000)).toBe('[1,"math.add",{"x":2},1700000000000]')
  })
  test('writes short keys for what is there', () => {
    expect(encodeMessage('a', 'null', 5, { headers: { id: '7' }, timeoutMs: 100 })).toBe(
      '[1,"a",null,5,{"h":{"id":"7"},"t":100}]',
    )
    expect(encodeMessage('a', 'null', 5, {})).toBe('[1,"a",null,5]')
  })
  test('escapes a task name that was never checked', () => {
    expect(JSON.parse(encodeMessage('a"],[', 'null', 5))).toEqual([1, 'a"],[', null, 5])
  })
})

const extras: fc.Arbitrary<MessageExtras> = fc.record(
  {
    headers: fc.dictionary(fc.string(), fc.string()),
    timeoutMs: fc.integer({ min: 1 }),
    compose: fc.record({ from: fc.constantFrom('output', 'outputs'), merge: fc.boolean() }),
    codec: fc.string(),
  },
  { requiredKeys: [] },
)

test('what is written is read back', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/),
      fc.jsonValue(),
      fc.integer({ min: 0, max: 2 ** 50 }),
      fc.option(extras, { nil: undefined }),
      (task, input, enqueuedAt, given) => {
        const wire = JSON.parse(encodeMessage(task, JSON.stringify(input), enqueuedAt, given))
        const message = readMessage(wire)
        const { headers, ...rest } = message?.extras ?? {}
        expect({ ...message, extras: rest }).toEqual({
          task,
          input: JSON.parse(JSON.stringify(input)),
          enqueuedAt,
          extras: { ...given, headers: undefined },
        })
        expect(Object.entries(headers ?? {})).toEqual(Object.entries(given?.headers ?? {}))
      },
    ),
  )
})

describe('readMessage', () => {
  test.each([
    undefined,
    null,
    5,
    'x',
    {},
    [],
    [1],
    [2, 'a', {}, 5],
    ['1', 'a', {}, 5],
    [1, 'a', {}],
    [1, '', {}, 5],
    [1, 'x'.repeat(129), {}, 5],
    [1, 5, {}, 5],
    [1, 'a', {}, '5'],
    [1, 'a', {}, -1],
    [1, 'a', {}, Number.NaN],
    [1, 'a', {}, 5, null],
    [1, 'a', {}, 5, []],
    [1, 'a', {}, 5, { h: 'x' }],
    [1, 'a', {}, 5, { h: { x: 1 } }],
    [1, 'a', {}, 5, { t: 0 }],
    [1, 'a', {}, 5, { t: '5' }],
    [1, 'a', {}, 5, { j: 'input' }],
    [1, 'a', {}, 5, { c: 1 }],
    [1, 'a', {}, 5, {}, 6],
  ])('%# is no message', (wire) => expect(readMessage(wire)).toBeUndefined())

  test('never throws, whatever it is given', () => {
    const get = () => {
      throw new Error('trap')
    }
    expect(readMessage(new Proxy([], { get }))).toBeUndefined()
  })
  test('answers a message or nothing', () => {
    fc.assert(
      fc.property(fc.anything(), fc.array(fc.anything()), (head, tail) => {
        for (const wire of [head, tail, [1, 'a', ...tail], [1, 'a', head, 5, ...tail]]) {
          expect(['string', 'undefined']).toContain(typeof readMessage(wire)?.task)
        }
      }),
    )
  })
  test('ignores extras of a later release', () => {
    expect(readMessage([1, 'a', 7, 5, { z: true }])).toEqual({ task: 'a', input: 7, enqueuedAt: 5, extras: {} })
  })
  test('takes a header named __proto__ as data', () => {
    const message = readMessage(JSON.parse('[1,"a",null,5,{"h":{"__proto__":"x","constructor":"y"}}]'))
    expect(Object.keys(message?.extras.headers ?? {})).toEqual(['__proto__', 'constructor'])
    expect(({} as { x?: unknown }).x).toBeUndefined()
  })
})
