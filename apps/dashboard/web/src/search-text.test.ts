import { expect, test } from 'vitest'
import { readSearch, writeSearch } from './search-text.js'

test('a query line survives the address', () => {
  const q = 'task:mail.* state:retrying error:"read timeout" 100% a&b=c #+'
  expect(readSearch(writeSearch({ q }))).toEqual({ q })
})

test('what is not there leaves no trace', () => {
  expect(writeSearch({ q: undefined })).toBe('')
  expect(readSearch('')).toEqual({})
})

test('figures stay text', () => {
  expect(readSearch('?q=123')).toEqual({ q: '123' })
})
