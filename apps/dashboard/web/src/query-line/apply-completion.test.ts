import { expect, test } from 'vitest'
import { applyCompletion } from './apply-completion.js'

test('a key waits for its value right behind it', () => {
  expect(applyCompletion('sta', { from: 0, to: 3 }, 'state:')).toEqual({ line: 'state:', caret: 6 })
})

test('a value makes room for the next term', () => {
  expect(applyCompletion('state:re', { from: 6, to: 8 }, 'retrying')).toEqual({ line: 'state:retrying ', caret: 15 })
})

test('in the middle of a line the rest stays, and no second blank comes', () => {
  expect(applyCompletion('task:ma state:failed', { from: 5, to: 7 }, 'mail.send')).toEqual({
    line: 'task:mail.send state:failed',
    caret: 14,
  })
})
