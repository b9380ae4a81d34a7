import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import type { Report } from '../src/report/report.js'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const DEADLINE_MS = 60_000

test('Ctrl-C ends the run, keeps what was measured, and leaves nothing behind', { timeout: DEADLINE_MS }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'))
  const json = join(folder, 'report.json')
  const options = ['--scenario', 'fail-once,aof-bulk', '--rivals', 'pg-boss', '--runs', '1', '--scale', '0.01']
  const child = spawn(process.execPath, [MAIN, ...options, '--json', json], {
    // Whatever it starts inherits this, and can be found by it.
    env: { ...process.env, TMPDIR: folder },
    stdio: 'ignore',
  })
  try {
    const exited = once(child, 'exit')
    // The first scenario is over, the next one is on its way.
    await vi.waitFor(() => expect(existsSync(json)).toBe(true), { timeout: DEADLINE_MS, interval: 5 })
    child.kill('SIGINT')
    expect(await exited).toEqual([130, null])
    const report = JSON.parse(readFileSync(json, 'utf8')) as Report
    expect(report.scenarios.map(({ name }) => name)).toEqual(['fail-once'])
    // A killed process takes a moment to be gone.
    await vi.waitFor(() => expect(processesOf(folder)).toEqual([]), { timeout: DEADLINE_MS, interval: 20 })
    expect(readdirSync(folder)).toEqual(['report.json'])
  } finally {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
})

/** Commands of the processes whose environment names the folder; none where there is no /proc. */
function processesOf(folder: string): string[] {
  if (!existsSync('/proc/self/environ')) return []
  return readdirSync('/proc').flatMap((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`TMPDIR=${folder}`)) return []
      return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')]
    } catch {
      return []
    }
  })
}
