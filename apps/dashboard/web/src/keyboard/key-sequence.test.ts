import { expect, test } from 'vitest'
import { createKeySequence, SEQUENCE_MS } from './key-sequence.js'

test('single keys stand for themselves', () => {
  const read = createKeySequence(['g'])
  expect([read('j', 0), read('/', 1), read('?', 2)]).toEqual(['j', '/', '?'])
})

test('a key behind a prefix belongs to it', () => {
  const read = createKeySequence(['g'])
  expect([read('g', 0), read('q', SEQUENCE_MS)]).toEqual([undefined, 'g q'])
  expect(read('q', SEQUENCE_MS + 1)).toBe('q')
})

test('a prefix is forgotten after a second', () => {
  const read = createKeySequence(['g'])
  expect([read('g', 0), read('q', SEQUENCE_MS + 1)]).toEqual([undefined, 'q'])
})

test('a prefix twice is a sequence, not a new beginning', () => {
  const read = createKeySequence(['g'])
  expect([read('g', 0), read('g', 10), read('q', 20)]).toEqual([undefined, 'g g', 'q'])
})
