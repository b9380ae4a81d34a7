import { expect, test } from 'vitest'
import { jobLine } from './job-event-lines.js'

const JOB = { jobId: 'j1', task: 'mail.send', queue: 'mail', attempt: 2 }
const failure = { name: 'TypeError', message: 'no luck', reason: 'error', attempt: 2, at: 0 } as const
const ofFive = () => 5

test.each([
  [{ kind: 'started', ...JOB } as const, ['started', 'mail.send j1 attempt 2']],
  [{ kind: 'started', ...JOB, attempt: 1 } as const, ['started', 'mail.send j1']],
  [{ kind: 'succeeded', ...JOB, durationMs: 12.4 } as const, ['succeeded', 'mail.send j1 12ms']],
  [
    { kind: 'retried', ...JOB, delayMs: 1_500, failure } as const,
    ['retry', 'mail.send j1 3 of 5 in 1s: TypeError: no luck'],
  ],
  [{ kind: 'failed', ...JOB, failure } as const, ['failed', 'mail.send j1 at attempt 2: TypeError: no luck']],
  [{ kind: 'released', ...JOB, delayMs: 0 } as const, ['released', 'mail.send j1 put back']],
  [{ kind: 'lost', ...JOB } as const, ['lost', 'mail.send j1 was no longer held: it runs again']],
  [{ kind: 'broker-up' } as const, ['broker', 'answers again']],
  [{ kind: 'state', state: 'running' } as const, undefined],
])('%j', (event, line) => expect(jobLine(event, ofFive)).toEqual(line))
