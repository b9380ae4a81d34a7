import type { JobSummary, QueueView, WorkerView } from '@millrace/monitor'
import { describe, expect, test } from 'vitest'
import { checkNode } from './check-node.js'
import { checkOverdue } from './check-overdue.js'
import { checkLeader, checkQueues, checkWorkers } from './check-people.js'

const WORKER: WorkerView = {
  id: 'w',
  host: 'h',
  pid: 1,
  version: '1.0.0',
  queues: ['mail'],
  concurrency: 1,
  running: 0,
  state: 'running',
  startedAt: 0,
  uptimeMs: 0,
  seenAt: 0,
  eventLoopDelayMs: null,
  rssBytes: null,
  jobs: [],
}
const QUEUE: QueueView = {
  queue: 'mail',
  lanes: 1,
  paused: false,
  pausedLanes: 0,
  ready: 1,
  suspects: 0,
  due: 0,
  parked: 0,
  running: 0,
  failed: 0,
  reports: 0,
  oldestReadyMs: 1,
  totals: { succeeded: 0, retried: 0, failed: 0, crashed: 0 },
}
const LEADER = { candidate: 'c', host: 'h', pid: 1, epoch: 1, since: 0, endedAt: null }
const codes = (findings: readonly { level: string; code: string }[]) =>
  findings.map((one) => `${one.level} ${one.code}`)

test('workers of one version are fine, of several doubtful', () => {
  expect(codes(checkWorkers([WORKER]))).toEqual(['ok workers'])
  expect(codes(checkWorkers([WORKER, { ...WORKER, version: '0.9.0' }]))).toEqual(['warning worker-versions'])
  expect(codes(checkWorkers([]))).toEqual(['warning workers'])
})

test('a leader', () => {
  expect(checkLeader(LEADER, [WORKER]).level).toBe('ok')
  expect(checkLeader({ ...LEADER, endedAt: 1 }, [WORKER]).fix).toContain('--no-dispatcher')
  expect(checkLeader(null, []).level).toBe('warning')
})

describe('queues', () => {
  test('that somebody serves are fine', () => expect(codes(checkQueues([QUEUE], [WORKER]))).toEqual(['ok queues']))
  test('that wait for nobody', () =>
    expect(codes(checkQueues([{ ...QUEUE, queue: 'other' }], [WORKER]))).toEqual(['warning queue-unserved']))
  test('that are paused or keep failed jobs', () =>
    expect(codes(checkQueues([{ ...QUEUE, paused: true, failed: 2 }], [WORKER]))).toEqual([
      'warning queue-paused',
      'warning failed-jobs',
    ]))
})

test('jobs that should have been ready long ago', async () => {
  const at = (dueAt: number) => ({ jobs: async () => ({ jobs: [{ dueAt } as JobSummary], cursor: null }) })
  const queues = [{ ...QUEUE, due: 1 }]
  expect(await checkOverdue(at(1_000_000), queues, 1_010_000)).toEqual([])
  expect(await checkOverdue(at(1_000_000), queues, 1_120_000)).toMatchObject([
    { level: 'warning', code: 'overdue', what: 'a job of queue mail is 2m late' },
  ])
  expect(await checkOverdue(at(1_000_000), [QUEUE], 1_120_000)).toEqual([])
})

test.each([
  ['22.22.2', 'ok'],
  ['22.22.1', 'error'],
  ['23.9.0', 'error'],
  ['24.15.0', 'ok'],
  ['24.14.9', 'error'],
  ['26.0.0', 'ok'],
])('Node %s: %s', (version, level) => expect(checkNode(version).level).toBe(level))
