import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { Report } from '../src/report/report.js'
import { rivalEntry, rivalNames } from '../src/rivals/catalogue.js'
import { SCENARIOS } from '../src/scenarios/catalogue.js'
import { openSides } from '../src/sides.js'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const DEADLINE_MS = 120_000
const run = promisify(execFile)

test('every rival that is here drains its jobs, each once; the others are absent with a reason', {
  timeout: DEADLINE_MS,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'))
  try {
    const json = join(folder, 'report.json')
    const options = ['--scenario', 'drain-2-workers', '--runs', '1', '--scale', '0.002', '--json', json]
    await run(process.execPath, [MAIN, ...options], { timeout: DEADLINE_MS })
    const report = JSON.parse(readFileSync(json, 'utf8')) as Report
    const [figure] = report.scenarios
    expect(figure?.reasons).toEqual({})
    const here = Object.keys(figure?.results ?? {})
    expect(new Set([...here, ...Object.keys(report.absent)])).toEqual(new Set(['millrace', ...rivalNames()]))
    for (const side of here) expect(figure?.results[side]?.median).toBeGreaterThan(0)
    for (const why of Object.values(report.absent)) expect(why).not.toBe('')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a rival that is not installed is absent, and takes no turn', async () => {
  const entry = { ...rivalEntry('bullmq'), name: 'nowhere', installed: () => ({ absent: 'it is not installed' }) }
  const sides = await openSides([entry])
  expect(sides.absent).toEqual({ nowhere: 'it is not installed' })
  expect(sides.entries.map(({ name }) => name)).toEqual(['millrace'])
  expect(sides.versions).not.toHaveProperty('nowhere')
  await sides.close()
})

test('what a rival skips, and where it gets fewer jobs, are scenarios that exist', () => {
  const known = SCENARIOS.map(({ name }) => name)
  for (const name of rivalNames()) {
    const { skips = {}, atMost = {} } = rivalEntry(name)
    for (const scenario of [...Object.keys(skips), ...Object.keys(atMost)]) expect(known).toContain(scenario)
  }
})
