import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { Candidate } from '../src/conformance/candidate.js'
import { until } from '../src/conformance/until.js'

/** Long enough that no busy machine ends the term before we do. */
const TTL_MS = 5_000
const SCRIPT = fileURLToPath(new URL('./frozen-candidate.ts', import.meta.url))

export interface FrozenLeaderScene {
  /** Of the coordination server. */
  readonly url: string
  campaign(candidate: string): Candidate
}

/** A process leads and is stopped past its lock: another leads then, and the first trusts nothing when it goes on. */
export async function succeedsFrozenLeader({ url, campaign }: FrozenLeaderScene): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, url, String(TTL_MS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    let said = ''
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString()
    })
    await until('the child to lead', () => said.includes('leading'))
    const two = campaign('two')
    await until('two to have tried', () => two.looks > 0)
    child.kill('SIGSTOP')
    await two.untilLeads()
    child.stdin.write('?\n')
    child.kill('SIGCONT')
    await until('the child to answer', () => said.includes('trusts'))
    expect(said).toContain('trusts false')
    expect(two.leads()).toBe(true)
  } finally {
    child.kill('SIGKILL')
  }
}
