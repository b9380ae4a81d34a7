import type { Operation } from '@millrace/dashboard/contract'
import { expect, test } from 'vitest'
import { describeOperation } from './describe-operation.js'

const RUNNING: Operation = {
  id: 'o1',
  action: 'retry',
  target: 'state:failed',
  by: 'ada',
  startedAt: 1,
  endedAt: null,
  state: 'running',
  matched: 1_200,
  handled: 400,
  changed: 390,
  skipped: 10,
  complete: true,
  message: null,
}

test.each<[Partial<Operation>, string]>([
  [{}, '400 of 1,200 jobs.'],
  [{ matched: null }, '390 jobs so far.'],
  [{ state: 'done', changed: 1_190 }, 'Done: 1,190 jobs. 10 jobs had moved on.'],
  [{ state: 'done', skipped: 0, changed: 1 }, 'Done: 1 job.'],
  [{ state: 'done', skipped: 0, complete: false }, 'Done: 390 jobs. More match: start it again for the rest.'],
  [{ state: 'stopped' }, 'Stopped after 390 jobs. What is done stays done.'],
  [{ state: 'failed', message: 'The broker is gone.' }, 'It failed after 390 jobs: The broker is gone.'],
])('%j reads %s', (change, said) => {
  expect(describeOperation({ ...RUNNING, ...change })).toBe(said)
})
