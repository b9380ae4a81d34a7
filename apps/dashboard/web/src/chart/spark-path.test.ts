import { expect, test } from 'vitest'
import { sparkPath } from './spark-path.js'

const SIZE = { width: 100, height: 20 }

test('runs from edge to edge, the largest at the top', () => {
  expect(sparkPath([0, 5, 10], SIZE)).toBe('M0.0 19.0L50.0 10.0L100.0 1.0')
})

test('nothing at all is a flat line at the bottom', () => {
  expect(sparkPath([0, 0], SIZE)).toBe('M0.0 19.0L100.0 19.0')
})

test('one value, or none, is no error', () => {
  expect(sparkPath([3], SIZE)).toBe('M0.0 1.0')
  expect(sparkPath([], SIZE)).toBe('')
})
