import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { completeQueryLine } from './complete-query-line.js'
import { formatQueryLine } from './format-query-line.js'
import { EMPTY_QUERY, type JobFilter } from './job-filter.js'
import { JOB_STATES } from './job-states.js'
import { parseQueryLine } from './parse-query-line.js'

const filterOf = (line: string) => {
  const { filter, problems } = parseQueryLine(line)
  expect(problems).toEqual([])
  return filter
}

describe('parseQueryLine', () => {
  test.each<[string, Partial<JobFilter>]>([
    ['', {}],
    ['  \t ', {}],
    ['task:mail.*', { tasks: ['mail.*'] }],
    ['task:mail.*,math.add task:mail.*', { tasks: ['mail.*', 'math.add'] }],
    ['state:retrying,failed', { states: ['retrying', 'failed'] }],
    ['error:"read timeout" error:ECONN,RESET', { errors: ['read timeout', 'ECONN,RESET'] }],
    ['error:"a \\"b\\" \\\\"', { errors: ['a "b" \\'] }],
    ['id:a,b queue:mail fingerprint:3fa9', { ids: ['a', 'b'], queues: ['mail'], fingerprints: ['3fa9'] }],
    ['timeout "task:x y"', { texts: ['timeout', 'task:x y'] }],
    ['id:schedule:nightly:5', { ids: ['schedule:nightly:5'] }],
  ])('%s', (line, expected) => {
    expect(filterOf(line)).toEqual({ ...EMPTY_QUERY, ...expected })
  })

  test.each([
    ['https://example.com', 0, 'There is no "https:"'],
    ['stat:failed', 0, 'There is no "stat:"'],
    ['x state:fialed', 2, 'There is no state "fialed"'],
    ['task:', 0, '"task:" has no value'],
    ['task:,', 0, '"task:" has no value'],
    ['error:"open', 0, 'not closed'],
    ['x'.repeat(501), 500, '501 characters'],
    [Array.from({ length: 21 }, (_, i) => `w${i}`).join(' '), 70, 'too many'],
    [`id:${Array.from({ length: 21 }, (_, i) => `w${i}`).join(',')}`, 0, 'too many'],
  ])('%s is told', (line, from, message) => {
    expect(parseQueryLine(line).problems).toMatchObject([{ from, message: expect.stringContaining(message) }])
  })

  test('takes any text without throwing, in one pass', () => {
    fc.assert(fc.property(fc.string({ maxLength: 600, unit: 'binary' }), (line) => void parseQueryLine(line)))
  })
})

test('a formatted filter is read back as it was', () => {
  const word = fc.string({ minLength: 1, maxLength: 8 })
  const list = fc.uniqueArray(word, { maxLength: 2 })
  const filters = fc.record({
    tasks: list,
    queues: list,
    states: fc.uniqueArray(fc.constantFrom(...JOB_STATES), { maxLength: 3 }),
    ids: list,
    errors: list,
    fingerprints: list,
    texts: list,
  })
  fc.assert(
    fc.property(filters, (filter) => {
      const read = filterOf(formatQueryLine(filter))
      for (const key of Object.keys(filter) as (keyof JobFilter)[]) {
        expect([...read[key]].sort()).toEqual([...filter[key]].sort())
      }
    }),
  )
})

describe('completeQueryLine', () => {
  const data = { tasks: ['mail.send', 'math.add', 'old.mail'], queues: ['mail', 'default'] }
  const texts = (line: string, caret = line.length) =>
    completeQueryLine(line, caret, data).options.map((one) => one.text)

  test('keys where a term begins', () => {
    expect(texts('')).toContain('state:')
    expect(texts('task:x ')).toContain('error:')
    expect(texts('sta')).toEqual(['state:'])
  })
  test('values behind a key, those that begin so first', () => {
    expect(texts('task:ma')).toEqual(['mail.send', 'math.add', 'old.mail'])
    expect(texts('state:re')).toEqual(['retrying', 'ready', 'expired'])
    expect(texts('error:x')).toEqual([])
  })
  test('replaces the value before the caret, behind the last comma', () => {
    expect(completeQueryLine('queue:mail,de task:x', 13, data)).toMatchObject({
      from: 11,
      to: 13,
      options: [{ kind: 'queue', text: 'default' }],
    })
  })
})
