import { expect, test } from 'vitest'
import { InvalidOptionError } from '../errors/input-errors.js'
import { checkOptions } from './check-options.js'

test('returns the options when every key is known', () => {
  const options = { a: 1, b: undefined }
  expect(checkOptions(options, 'x', ['a', 'b', 'c'])).toBe(options)
})

test('suggests the closest known key', () => {
  expect(() => checkOptions({ concurency: 5 }, 'createWorker', ['queues', 'concurrency'])).toThrow(
    'Invalid option createWorker.concurency: no option has this name, expected one of queues, concurrency. Did you mean "concurrency"?',
  )
})

test.each([undefined, null, 5, 'x', [], () => 1])('refuses what is no object: %#', (value) => {
  expect(() => checkOptions(value, 'x', [])).toThrow(InvalidOptionError)
})

test('keys of every prototype are unknown, too', () => {
  expect(() => checkOptions(JSON.parse('{"__proto__":{}}'), 'x', ['a'])).toThrow(InvalidOptionError)
  expect(() => checkOptions({ constructor: 1 }, 'x', ['a'])).toThrow(InvalidOptionError)
})
