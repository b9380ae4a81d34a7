import type { JobDetail } from '@millrace/monitor'
import { expect, test } from 'vitest'
import { jobLines } from './job-lines.js'

const NOW = 1_700_000_000_000
const JOB: JobDetail = {
  id: 'order-42',
  queue: 'mail',
  lane: 0,
  state: 'failed',
  task: 'mail.send',
  enqueuedAt: NOW - 60_000,
  attemptsUsed: 2,
  crashes: 0,
  priority: 0,
  dueAt: null,
  failedAt: NOW - 30_000,
  cancelAsked: false,
  malformed: false,
  lastFailure: null,
  input: { to: 'ada' },
  headers: {},
  history: [
    {
      name: 'TypeError',
      message: 'no\nluck \u001b[31m',
      stack: 'TypeError: no luck\n    at send (tasks.ts:1:2)',
      reason: 'error',
      attempt: 2,
      at: NOW - 30_000,
    },
  ],
  result: null,
  progress: null,
  log: null,
  next: null,
  waitsFor: null,
  alsoIn: [],
}

test('shows what is known, and nothing that is not', () => {
  expect(jobLines(JOB, NOW).split('\n')).toEqual([
    'job       order-42',
    'task      mail.send',
    'queue     mail, lane 0',
    'state     failed',
    'enqueued  1m ago (2023-11-14T22:12:20.000Z)',
    'failed    30s ago (2023-11-14T22:12:50.000Z)',
    'attempts  2',
    'input     {"to":"ada"}',
    '',
    'history, oldest first:',
    '  attempt 2, 30s ago, error: TypeError: no luck  [31m',
    '      at send (tasks.ts:1:2)',
  ])
})

test('a malformed message, a result, other queues', () => {
  const text = jobLines(
    {
      ...JOB,
      task: null,
      malformed: true,
      history: [],
      result: { state: 'succeeded', kept: true, output: 5 },
      alsoIn: ['x'],
    },
    NOW,
  )
  expect(text).toContain('task      (malformed message)')
  expect(text).toContain('result    5')
  expect(text).toContain('also in   x (see with --queue)')
  expect(text).not.toContain('input')
})

test('a time that is none does not throw', () => {
  expect(jobLines({ ...JOB, enqueuedAt: 1e300 }, NOW)).toContain('enqueued')
})

test('shows what the handler said', () => {
  const lines = [{ at: NOW - 60_000, level: 'info', attempt: 1, text: 'sent \u001b[31m {"to":"ada"}' }]
  const said = jobLines({ ...JOB, progress: { value: { done: 3 }, at: NOW }, log: { lines, dropped: 4 } }, NOW).split(
    '\n',
  )
  expect(said).toContain('progress  {"done":3}')
  expect(said.join('')).not.toContain('\u001b')
  expect(said.slice(-3)).toEqual([
    'log, oldest first:',
    '  (4 older lines are not kept)',
    expect.stringMatching(/^ {2}1m ago, info: sent .*\{"to":"ada"\}$/),
  ])
})
