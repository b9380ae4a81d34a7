import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { verifyRuns } from '../src/process/await-drain.js'
import { reportFigures } from '../src/report/figure-report.js'
import type { Report } from '../src/report/report.js'
import { bulkEnqueue } from '../src/scenarios/bulk-enqueue.js'
import { latencyIdle } from '../src/scenarios/latency-idle.js'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const DEADLINE_MS = 60_000
const run = promisify(execFile)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

test('two tiny scenarios give verified figures and a report of the promised shape', {
  timeout: DEADLINE_MS,
}, async () => {
  const json = join(folder, 'report.json')
  const markdown = join(folder, 'report.md')
  const scenarios = ['--scenario', 'fail-once,drain-1-worker-results']
  const options = ['--rivals', 'bee-queue', '--runs', '1', '--scale', '0.01', '--json', json, '--markdown', markdown]
  const { stdout } = await run(process.execPath, [MAIN, ...scenarios, ...options], { timeout: DEADLINE_MS })

  const report = JSON.parse(readFileSync(json, 'utf8')) as Report
  expect(Object.keys(report.versions)).toEqual(['node', 'redis', 'millrace', 'bee-queue'])
  expect(report.machine).toMatchObject({ cpu: expect.any(String), cores: expect.any(Number) })
  expect(report.scenarios.map(({ name }) => name)).toEqual(['drain-1-worker-results', 'fail-once'])
  for (const figure of report.scenarios) {
    expect(figure).toMatchObject({ unit: 'jobs/s', better: 'higher' })
    expect(Object.keys(figure.results)).toEqual(['millrace', 'bee-queue'])
    const { median, min, max, values } = figure.results.millrace ?? {}
    expect(values).toEqual([median])
    expect([min, max]).toEqual([median, median])
    expect(median).toBeGreaterThan(0)
  }
  // What a rival does not have is said, and no figure is made of it.
  expect(report.scenarios[0]?.reasons).toEqual({ 'bee-queue': 'it stores no results' })
  expect(report.scenarios[1]?.ratio['bee-queue']).toBeGreaterThan(0)
  expect(stdout).toContain('drain-1-worker-results')
  expect(readFileSync(markdown, 'utf8')).toMatch(/^\| figure .*\n\| --- .*\n\| `drain-1-worker-results` \|/)
})

test('wrong usage ends with status 2 and says what is known', async () => {
  const wrong = run(process.execPath, [MAIN, '--scenario', 'nonsense'])
  await expect(wrong).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('bulk-enqueue') })
})

test('a job that ran twice, never, or was never enqueued voids the figure', () => {
  const snapshot = (runs: number[], strays = 0) => ({ runs: Uint8Array.from(runs), strays })
  const jobs = 3
  // Two workers: what counts is the sum.
  expect(() => verifyRuns([snapshot([1, 0, 1]), snapshot([0, 1, 0])], { jobs })).not.toThrow()
  expect(() => verifyRuns([snapshot([1, 1, 1]), snapshot([0, 1, 0])], { jobs })).toThrow('1 too often')
  expect(() => verifyRuns([snapshot([1, 0, 1])], { jobs })).toThrow('1 ran too seldom')
  expect(() => verifyRuns([snapshot([1, 1, 1], 1)], { jobs })).toThrow('1 runs of unknown jobs')
  expect(() => verifyRuns([snapshot([2, 2, 1])], { jobs, runsEach: 2 })).toThrow('1 ran too seldom')
})

test('a ratio above 1 means that Millrace is better, whichever way is better', () => {
  const side = (...values: number[]) => ({ measured: values.map((value) => ({ values: { '': value } })) })
  const [higher] = reportFigures(
    bulkEnqueue,
    new Map([
      ['millrace', side(300, 100, 200)],
      ['bullmq', side(50, 50, 50)],
    ]),
  )
  expect(higher?.results.millrace).toMatchObject({ median: 200, min: 100, max: 300 })
  expect(higher?.ratio).toEqual({ bullmq: 4 })

  const start = (ms: number) => ({ measured: [{ values: { 'start-p50': ms } }] })
  const [lower] = reportFigures(
    latencyIdle,
    new Map([
      ['millrace', start(0.2)],
      ['bullmq', start(0.6)],
    ]),
  )
  expect(lower).toMatchObject({ name: 'latency-idle/start-p50', better: 'lower', ratio: { bullmq: 3 } })
})

test('a void figure is null with its reason and has no ratio', () => {
  const outcomes = new Map([
    ['millrace', { measured: [{ values: { '': 100 } }] }],
    ['bullmq', { reason: 'void: of 100 jobs 1 ran too seldom' }],
  ])
  const [figure] = reportFigures(bulkEnqueue, outcomes)
  expect(figure?.results.bullmq).toBeNull()
  expect(figure?.ratio).toEqual({})
  expect(figure?.reasons).toEqual({ bullmq: 'void: of 100 jobs 1 ran too seldom' })
})
