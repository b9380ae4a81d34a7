import { expect, test } from 'vitest'
import { snippet } from './snippet.js'

const TEXT = '# License\n\nPermission is granted.\n\n  Permission to   use and copy this\tsoftware.\nUse it.'

test('is the line with most of the words, flattened', () => {
  expect(snippet(TEXT, 'permission to use', 80)).toBe('Permission to use and copy this software.')
})

test('is cut to the width, and empty where no line has a word', () => {
  expect(snippet(TEXT, 'permission to use', 12)).toBe('Permission …')
  expect(snippet(TEXT, 'absent', 80)).toBe('')
})
