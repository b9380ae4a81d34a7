import { describe, expect, test } from 'vitest'
import { InvalidNameError } from '../errors/input-errors.js'
import { checkJobId } from './check-job-id.js'
import { checkName } from './check-name.js'
import { closestName } from './closest-name.js'

describe('checkName', () => {
  test.each(['a', '9', 'mail.send-receipt', 'A_b:c', 'x'.repeat(128), 'constructor'])('takes %s', (name) => {
    expect(checkName('task', name)).toBe(name)
  })
  test.each(['', '.a', '-a', 'a b', 'a/b', 'é', 'a\n', 'x'.repeat(129), 5, null, undefined, {}])(
    'refuses %#',
    (name) => {
      expect(() => checkName('queue', name)).toThrow(InvalidNameError)
      expect(() => checkName('queue', name)).toThrow(/queue name/)
    },
  )
})

describe('checkJobId', () => {
  test.each(['a', 'order/17', '💡', 'é', 'x'.repeat(200)])('takes %s', (id) => expect(checkJobId(id)).toBe(id))
  test.each(['', 'a b', 'a\tb', 'a\u0000', 'a\u0085', '\u2028', '\ud800', 'x'.repeat(201), 5, null])(
    'refuses %#',
    (id) => {
      expect(() => checkJobId(id)).toThrow(InvalidNameError)
    },
  )
})

describe('closestName', () => {
  const known = ['retry', 'timeout', 'hardTimeout', 'id']
  test.each([
    ['retries', 'retry', false],
    ['retyr', 'retry', true],
    ['Timeout', 'timeout', true],
    ['hardtimeout', 'hardTimeout', true],
    ['timout', 'timeout', true],
    ['ie', 'id', true],
    ['xy', 'id', false],
    ['', 'id', false],
  ])('%s: %s %s', (name, meant, close) => expect(closestName(name, known)).toBe(close ? meant : undefined))
})
