import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ENTRY = fileURLToPath(new URL('../dist/main.js', import.meta.url))

it.skipIf(process.platform !== 'linux')(
  'a run that is interrupted ends all that it started: Redis, workers, itself',
  { timeout: 120_000 },
  async () => {
    const mark = `MILLRACE_CHAOS_MARK=${process.pid}-${Math.random()}`
    const [name = '', value] = mark.split('=')
    const args = ['--scenario', 'worker-kills', '--seed', '1', '--jobs', '1000000']
    const child = spawn(process.execPath, [ENTRY, ...args], {
      env: { ...process.env, [name]: value },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString()
    })
    // The run itself, its Redis, two workers.
    await expect.poll(() => processesWith(mark).length, { timeout: 40_000 }).toBeGreaterThanOrEqual(4)
    child.kill('SIGINT')
    const [code] = (await once(child, 'exit')) as [number]
    expect(said).toContain('interrupted')
    expect(code).toBe(130)
    await expect.poll(() => processesWith(mark), { timeout: 40_000 }).toEqual([])
  },
)

function processesWith(mark: string): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false
    try {
      return readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(mark)
    } catch {
      return false
    }
  })
}
