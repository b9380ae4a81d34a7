import { expect, test, vi } from 'vitest'
import type { Operation } from '../src/contract/index.js'
import { openStage, play, type Stage } from './stage.js'

const PLAYS = [
  { id: 'f1', how: 'fail', message: 'read timeout after 30 ms' },
  { id: 'f2', how: 'fail', message: 'read timeout after 99 ms' },
  { id: 'f3', how: 'fail', message: 'no such user' },
  { id: 'r1', how: 'retry', message: 'socket closed' },
  { id: 's1', how: 'succeed' },
] as const

async function played(): Promise<Stage> {
  const stage = openStage()
  await play(stage.app, PLAYS)
  return stage
}

const ended = (stage: Stage, { id }: Operation) =>
  vi.waitFor(
    async () => {
      const operation = await stage.get('operation', `/operations/${id}`)
      expect(operation.state).not.toBe('running')
      return operation
    },
    { timeout: 20_000, interval: 10 },
  )

test('jobs by query line, with what a page shows of them', async () => {
  await using stage = await played()
  const { jobs } = await stage.get('jobs', `/jobs?q=${encodeURIComponent('state:failed error:"read timeout"')}`)
  expect(jobs.map((job) => job.id).sort()).toEqual(['f1', 'f2'])
  expect(jobs[0]).toMatchObject({ task: 'act', queue: 'plays', state: 'failed', attemptsUsed: 1, attemptsMax: 4 })
  expect(jobs[0]?.fingerprint).toBe(jobs[1]?.fingerprint)
  const same = await stage.get('jobs', `/jobs?q=fingerprint:${jobs[0]?.fingerprint}`)
  expect(same.jobs.length).toBe(2)
})

test('a query line that cannot be read is told with its place', async () => {
  await using stage = openStage()
  const response = await stage.ask(`/jobs?q=${encodeURIComponent('x state:fialed')}`)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({
    error: { code: 'invalid-request', issues: [{ path: 'q[2..14]', message: expect.stringContaining('fialed') }] },
  })
})

test('one job, with its timeline', async () => {
  await using stage = await played()
  const failed = await stage.get('job', '/jobs/f1')
  expect(failed.timeline.map((entry) => entry.what)).toEqual(['enqueued', 'attempt-failed', 'failed'])
  expect(failed.history).toMatchObject([{ message: 'read timeout after 30 ms', reason: 'fatal', attempt: 1 }])
  const retrying = await stage.get('job', '/jobs/r1?queue=plays')
  expect(retrying.timeline.at(-1)).toMatchObject({ what: 'due', attempt: 2 })
  const done = await stage.get('job', '/jobs/s1')
  expect(done.result).toEqual({ state: 'succeeded', kept: true, output: { secret: 'output' } })
  expect((await stage.ask('/jobs/nobody')).status).toBe(404)
})

test('retries by time and by failure; failed jobs by failure', async () => {
  await using stage = await played()
  const retries = await stage.get('retries', '/retries')
  expect(retries.next.map((job) => job.id)).toEqual(['r1'])
  expect(retries.groups).toMatchObject([{ task: 'act', count: 1, attemptsUsed: 1, attemptsMax: 4, queues: ['plays'] }])
  const failed = await stage.get('failed', '/failed')
  expect(failed).toMatchObject({ total: 3, scanned: 3, complete: true })
  expect(failed.groups.map((group) => group.count)).toEqual([2, 1])
  const [first] = failed.groups
  const found = await stage.get('jobs', `/jobs?q=${encodeURIComponent(first?.query ?? '')}`)
  expect(found.jobs.map((job) => job.id).sort()).toEqual(['f1', 'f2'])
})

test('one job is retried, postponed, promoted, cancelled, discarded', async () => {
  await using stage = await played()
  const act = (id: string, body: object) => stage.get('actOnJob', `/jobs/${id}/actions`, { body })
  expect(await act('f1', { action: 'retry' })).toMatchObject({ done: true, answer: 'retried' })
  expect(await act('f1', { action: 'retry' })).toMatchObject({ done: false, answer: 'not-failed' })
  const before = (await stage.get('job', '/jobs/r1')).dueAt ?? 0
  expect(await act('r1', { action: 'postpone', delayMs: 9_000_000 })).toMatchObject({ answer: 'postponed' })
  expect((await stage.get('job', '/jobs/r1')).dueAt).toBeGreaterThan(before)
  expect(await act('r1', { action: 'promote' })).toMatchObject({ answer: 'promoted' })
  expect(await act('r1', { action: 'cancel', queue: 'plays' })).toMatchObject({ answer: 'cancelled' })
  expect(await act('f2', { action: 'discard' })).toMatchObject({ answer: 'discarded' })
  expect((await stage.ask('/jobs/f2')).status).toBe(404)
})

test('a group is replayed: preview, start, progress, end', async () => {
  await using stage = await played()
  const target = { kind: 'query', query: 'error:"read timeout"' }
  const preview = await stage.get('previewOperation', '/operations/preview', { body: { action: 'retry', target } })
  expect(preview).toEqual({ matched: 2, complete: true, states: { failed: 2 } })
  const begun = await stage.get('startOperation', '/operations', { body: { action: 'retry', target, perSecond: 100 } })
  expect(begun).toMatchObject({ state: 'running', by: 'local', target: 'error:"read timeout"' })
  expect(await ended(stage, begun)).toMatchObject({ state: 'done', matched: 2, changed: 2, complete: true })
  const { queues } = await stage.get('queues', '/queues')
  expect(queues).toMatchObject([{ queue: 'plays', ready: 2, failed: 1 }])
})

test('an operation is stopped between two steps', async () => {
  await using stage = openStage()
  await play(
    stage.app,
    Array.from({ length: 20 }, (_, i) => ({ id: `f${i}`, how: 'fail' as const })),
  )
  const target = { kind: 'query', query: 'state:failed' }
  const begun = await stage.get('startOperation', '/operations', { body: { action: 'discard', target, perSecond: 4 } })
  await stage.get('stopOperation', `/operations/${begun.id}/stop`, { body: {} })
  expect(await ended(stage, begun)).toMatchObject({ state: 'stopped', complete: false })
})

test('a selection; jobs in no state for it are skipped', async () => {
  await using stage = await played()
  const jobs = ['f1', 'r1', 's1'].map((id) => ({ id, queue: 'plays' }))
  const begun = await stage.get('startOperation', '/operations', {
    body: { action: 'retry', target: { kind: 'jobs', jobs } },
  })
  expect(await ended(stage, begun)).toMatchObject({ state: 'done', changed: 1 })
})

test('queues are paused, resumed and purged', async () => {
  await using stage = await played()
  await stage.get('actOnJob', '/jobs/f1/actions', { body: { action: 'retry' } })
  expect(await stage.get('pauseQueue', '/queues/plays/pause', { body: {} })).toMatchObject({ paused: true })
  expect(await stage.get('queue', '/queues/plays')).toMatchObject({ paused: true, ready: 1 })
  expect((await stage.get('overview', '/overview')).attention.map(({ kind }) => kind)).toContain('queue-paused')
  await stage.get('resumeQueue', '/queues/plays/resume', { body: {} })
  const purge = await stage.get('purgeQueue', '/queues/plays/purge', { body: {} })
  expect(await ended(stage, purge)).toMatchObject({ action: 'purge', state: 'done', changed: 2, matched: null })
  expect((await stage.ask('/queues/nothing')).status).toBe(404)
  expect((await stage.ask('/queues/nothing/pause', { body: {} })).status).toBe(404)
})

test('workers are listed and ordered about', async () => {
  await using stage = openStage()
  const store = await stage.app.broker()
  const info = { id: 'w1', host: 'h', pid: 1, version: '0', queues: ['q'], concurrency: 5, startedAt: 1, running: 0 }
  const announce = () => store.consumer.announce({ ...info, state: 'running' })
  await announce()
  const { workers } = await stage.get('workers', '/workers')
  expect(workers).toMatchObject([{ id: 'w1', concurrency: 5, seenAgoMs: expect.any(Number) }])
  const answer = await stage.get('resizeWorkers', '/workers/resize', { body: { workers: ['w1', 'w9'], size: 9 } })
  expect(answer).toMatchObject({ kind: 'resize', workers: ['w1'], unknown: ['w9'] })
  expect(await announce()).toMatchObject([{ kind: 'resize', size: 9, workers: ['w1', 'w9'] }])
  for (const order of ['quiet', 'resume', 'stop'] as const) {
    const name = `${order}Workers` as const
    expect(await stage.get(name, `/workers/${order}`, { body: { workers: ['w1'] } })).toMatchObject({ kind: order })
  }
})

test('schedules are listed, paused, resumed and run', async () => {
  await using stage = openStage()
  const task = stage.app.task('tick', (input: unknown) => input)
  await stage.app.control.schedules.add('nightly', { cron: '0 3 * * *' }, task.with({ n: 1 }))
  const { schedules } = await stage.get('schedules', '/schedules')
  expect(schedules).toMatchObject([{ name: 'nightly', task: 'tick', state: 'active', input: { n: 1 } }])
  expect(await stage.get('pauseSchedule', '/schedules/nightly/pause', { body: {} })).toMatchObject({ state: 'paused' })
  expect(await stage.get('resumeSchedule', '/schedules/nightly/resume', { body: {} })).toMatchObject({
    state: 'active',
  })
  const run = await stage.get('runSchedule', '/schedules/nightly/run', { body: {} })
  const job = await stage.get('job', `/jobs/${encodeURIComponent(run.id)}`)
  expect(job.lineage.schedule?.name).toBe('nightly')
  expect((await stage.ask('/schedules/nothing/run', { body: {} })).status).toBe(404)
})

test('overview: series by queue and by task', async () => {
  await using stage = await played()
  for (const query of ['', '?range=24h', '?range=7d&queue=plays', '?range=90d', '?task=act']) {
    const overview = await stage.get('overview', `/overview${query}`)
    const total = (column: readonly number[]) => column.reduce((sum, each) => sum + each, 0)
    expect([total(overview.series.succeeded), total(overview.series.retried), total(overview.series.failed)]).toEqual([
      1, 1, 3,
    ])
  }
  const { byQueue, byTask, totals } = await stage.get('overview', '/overview')
  expect([byQueue[0]?.queue, byTask[0]?.task]).toEqual(['plays', 'act'])
  expect(totals).toMatchObject({ queues: 1, due: 1, failed: 3 })
  expect((await stage.ask('/overview?queue=nothing')).status).toBe(404)
})

test('every action is in the audit log, also what was refused; readings are not', async () => {
  await using stage = await played()
  await stage.get('actOnJob', '/jobs/f1/actions', { body: { action: 'retry' } })
  await stage.get('pauseQueue', '/queues/plays/pause', { body: {} })
  await stage.get('jobs', '/jobs')
  await stage.get('previewOperation', '/operations/preview', {
    body: { action: 'retry', target: { kind: 'query', query: 'state:failed' } },
  })
  const { entries } = await stage.get('audit', '/audit')
  expect(entries.map(({ who, action, on, outcome }) => [who, action, on, outcome])).toEqual([
    ['local', 'queue.pause', 'queue plays', 'done'],
    ['local', 'job.retry', 'job plays/f1', 'done'],
  ])
  const first = await stage.get('audit', '/audit?limit=1')
  expect((await stage.get('audit', `/audit?cursor=${first.cursor}`)).entries.length).toBe(1)
})

test('completions', async () => {
  await using stage = await played()
  expect(await stage.get('completions', '/completions')).toEqual({ tasks: ['act'], queues: ['plays'] })
})

test('what is hidden of a task is hidden everywhere, also from searching', async () => {
  await using stage = openStage({
    login: 'none',
    redact: { 'a*': ['error', 'input.card.number', 'input.list.*.pin', 'result'] },
  })
  const input = { card: { number: '4111', holder: 'Ada' }, list: [{ pin: 1 }, { pin: 2, x: 3 }] }
  await play(stage.app, [
    { id: 'f1', how: 'fail', message: 'card 4111 refused', input },
    { id: 's1', how: 'succeed', input },
  ])
  const failed = await stage.get('job', '/jobs/f1')
  expect(failed.input).toMatchObject({
    card: { number: '[redacted]', holder: 'Ada' },
    list: [{ pin: '[redacted]' }, { pin: '[redacted]', x: 3 }],
  })
  expect(failed.redacted).toEqual(['error', 'input.card.number', 'input.list.*.pin', 'result'])
  const texts = await Promise.all(
    ['/jobs', '/jobs/f1', '/jobs/s1', '/failed', '/retries', '/overview'].map(async (path) =>
      (await stage.ask(path)).text(),
    ),
  )
  // The handler's own input holds its message: that field is not hidden here, the failure is.
  expect(texts[0]).not.toContain('refused')
  expect(texts[3]).not.toContain('refused')
  expect(texts[2]).not.toContain('secret')
  expect((await stage.get('jobs', '/jobs?q=error:refused')).jobs).toEqual([])
  expect((await stage.get('jobs', '/jobs?q=4111')).jobs).toEqual([])
})
