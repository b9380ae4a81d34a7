import { expect, test } from 'vitest'
import { actionsForQuery } from './actions-for-query.js'

test('of the selected jobs’ states', () => {
  expect(actionsForQuery('state:running', ['failed', 'failed'])).toEqual(['retry', 'discard'])
})

test('else of the states that the line lets through', () => {
  expect(actionsForQuery('task:mail.* state:ready,failed', undefined)).toEqual(['cancel', 'retry', 'discard'])
  expect(actionsForQuery('state:succeeded', undefined)).toEqual([])
})

test('a line without a state lets all through', () => {
  expect(new Set(actionsForQuery('timeout', undefined))).toEqual(
    new Set(['cancel', 'promote', 'postpone', 'retry', 'discard']),
  )
})
