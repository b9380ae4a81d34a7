import type { Clock } from '@millrace/core'
import parseWithAnother from 'parse-prometheus-text-format'
import { expect, test } from 'vitest'
import { openStage, play, type Stage } from './stage.js'

/** Lines of the exposition format, as its grammar has them; throws for any other. */
function parse(text: string): { name: string; labels: Record<string, string>; value: number }[] {
  const types = new Map<string, string>()
  const samples = []
  for (const line of text.split('\n')) {
    if (line === '') continue
    const [, kind, name, rest = ''] = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/.exec(line) ?? []
    if (name !== undefined) {
      if (kind === 'TYPE') {
        if (types.has(name)) throw new Error(`two types for ${name}`)
        if (!/^(counter|gauge|histogram|summary|untyped)$/.test(rest)) throw new Error(line)
        types.set(name, rest)
      }
      continue
    }
    const [, sample, list = '', value] =
      /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\n"])*",?)*)\})? (-?[\d.e+-]+|NaN|[+-]Inf)$/.exec(
        line,
      ) ?? []
    if (sample === undefined) throw new Error(`no sample: ${line}`)
    const family = sample.replace(/_(bucket|sum|count)$/, '')
    if (!types.has(sample) && types.get(family) !== 'histogram') throw new Error(`${sample} has no type`)
    const labels = Object.fromEntries(
      [...list.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key, text]),
    )
    samples.push({ name: sample, labels: labels as Record<string, string>, value: Number(value) })
  }
  const seen = samples.map(({ name, labels }) => JSON.stringify([name, labels]))
  if (new Set(seen).size !== seen.length) throw new Error('a series twice')
  return samples
}

async function scrape(stage: Stage) {
  const response = await stage.ask('metrics')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const text = await response.text()
  const families = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name))
  expect(new Set(parseWithAnother(text).map(({ name }) => name))).toEqual(families)
  return parse(text)
}

test('queues, workers, leader and requests', async () => {
  await using stage = openStage()
  await play(stage.app, [
    { id: 'f', how: 'fail' },
    { id: 's', how: 'succeed' },
    { id: 'r', how: 'retry' },
  ])
  await stage.ask('/queues')
  const samples = await scrape(stage)
  const figure = (name: string, labels: Record<string, string> = {}) =>
    samples.find(
      (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    )?.value
  expect(figure('millrace_queue_jobs', { queue: 'plays', state: 'failed' })).toBe(1)
  expect(figure('millrace_queue_jobs', { queue: 'plays', state: 'due' })).toBe(1)
  expect(figure('millrace_queue_attempts_total', { queue: 'plays', outcome: 'succeeded' })).toBe(1)
  expect(figure('millrace_leader')).toBe(0)
  expect(figure('millrace_workers', { state: 'running' })).toBe(0)
  expect(figure('millrace_dashboard_request_seconds_count', { route: 'api', status: '2xx' })).toBe(1)
})

test('how long attempts took, as a histogram per task that another dashboard tells too', async () => {
  await using stage = openStage()
  const { consumer } = await stage.app.broker()
  const told = (task: string, sumMs: number, counts: Record<number, number>) => {
    return { task, sumMs, counts: Array.from({ length: 13 }, (_, bucket) => counts[bucket] ?? 0) }
  }
  await consumer.countDurations([
    told('quick', 30, { 0: 2, 1: 1 }),
    told('slow', 2_000_000, { 3: 1, 12: 1 }),
    told('a"b\\c\nd', 1, {}),
  ])
  for (const board of [stage, openStage({ login: 'none' }, stage.app)]) {
    const samples = (await scrape(board)).filter(({ name }) => name.startsWith('millrace_task_duration_seconds'))
    const figure = (end: string, labels: Record<string, string>) =>
      samples.find(({ name, labels: found }) => {
        return name.endsWith(end) && Object.entries(labels).every(([key, value]) => found[key] === value)
      })?.value
    expect(samples.length).toBe(3 * 15)
    const upTo = (task: string) =>
      ['0.005', '0.025', '0.25', '1800', '+Inf'].map((le) => figure('_bucket', { task, le }))
    expect(upTo('quick')).toEqual([2, 3, 3, 3, 3])
    expect(upTo('slow')).toEqual([0, 0, 1, 1, 2])
    expect([figure('_sum', { task: 'quick' }), figure('_count', { task: 'quick' })]).toEqual([0.03, 3])
    expect([figure('_sum', { task: 'slow' }), figure('_count', { task: 'slow' })]).toEqual([2000, 2])
  }
})

test('10,000 task names and 600 queues: a bounded number of series, nothing lost in the sums', async () => {
  const clock: Clock & { ms: number } = { ms: Date.now(), now: () => clock.ms, monotonic: () => clock.ms }
  await using stage = openStage({ login: 'none', clock })
  const store = await stage.app.broker()
  const job = (id: string) => ({ id, message: `[1,"t",{},1]` })
  for (let q = 0; q < 600; q++) await store.producer.enqueue({ queue: `q${q}`, index: 0 }, [job('j')])
  for (let lane = 0; lane < 100; lane++) {
    const seat = await store.consumer.join({ queue: `q${lane}`, index: 0 }, { id: 'w', leaseMs: 60_000 })
    const tally = Array.from({ length: 100 }, (_, i) => {
      return { task: `task-${lane}-${i}`, succeeded: 1, retried: 0, failed: 0, busyMs: 1 }
    })
    await seat.exchange({ settlements: [], want: 0, empty: true, tally })
    await store.consumer.countDurations(tally.map(({ task }) => ({ task, sumMs: 1, counts: [1] })))
  }
  clock.ms += 120_000
  await scrape(stage)
  clock.ms += 120_000
  const samples = await scrape(stage)
  expect(samples.length).toBeLessThan(10_000)
  const attempts = samples.filter(({ name }) => name === 'millrace_task_attempts_total')
  expect(new Set(attempts.map(({ labels }) => labels.task)).size).toBe(201)
  expect(attempts.reduce((sum, { value }) => sum + value, 0)).toBe(10_000)
  const durations = samples.filter(({ name }) => name === 'millrace_task_duration_seconds_count')
  expect(new Set(durations.map(({ labels }) => labels.task)).size).toBe(201)
  expect(durations.reduce((sum, { value }) => sum + value, 0)).toBe(10_000)
  const queues = samples.filter(({ name, labels }) => name === 'millrace_queue_jobs' && labels.state === 'ready')
  expect(queues.length).toBe(501)
  expect(queues.reduce((sum, { value }) => sum + value, 0)).toBe(600)
})
