import { expect, test } from 'vitest'
import { lineText } from './line-text.js'

const cycle: Record<string, unknown> = {}
cycle.self = cycle

test.each<[string, readonly unknown[], string]>([
  ['a message', ['sent'], 'sent'],
  ['values in it', ['sent %s of %d', 'a', 3], 'sent a of 3'],
  ['fields behind it', [{ order: 7, none: undefined }, 'sent'], 'sent {"order":7}'],
  ['fields alone', [{ order: 7n }], '{"order":"7"}'],
  ['an error', [new TypeError('no')], 'no {"err":"TypeError: no"}'],
  ['an error with a message', [new TypeError('no'), 'failed'], 'failed {"err":"TypeError: no"}'],
  ['nothing', [], ''],
  ['a cycle', [cycle, 'x'], '[a line that cannot be written down]'],
  ['line breaks', ['a\nb'], 'a\nb'],
])('%s', (_, line, text) => {
  expect(lineText({}, line)).toBe(text)
})

test('is cut, and has the fields of its logger', () => {
  expect(lineText({ part: 1 }, ['x'.repeat(5_000)])).toHaveLength(2_000)
  expect(lineText({ part: 1 }, ['x'])).toBe('x {"part":1}')
})
