import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openDevRedis } from './dev-redis.js'
import { findRedisServer } from './find-redis-server.js'

const kinds = findRedisServer({ names: ['redis-server'] }) === undefined ? ['embedded'] : ['redis-server', 'embedded']

/** Opens a Redis in a process of its own, built code, and prints its address. */
const PARENT = `
const { openDevRedis } = await import(process.argv[1])
const redis = await openDevRedis({ kind: process.argv[2], dataDir: process.argv[3] })
console.log(redis.url)
if (process.argv[4] === 'stay') setInterval(() => {}, 1000)
`

let dataDir: string
let parents: ChildProcess[]

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'millrace-parent-death-'))
  parents = []
})

afterEach(() => {
  for (const parent of parents) parent.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})

async function startParent(kind: string, manner: 'stay' | 'end'): Promise<{ parent: ChildProcess; url: string }> {
  const entry = new URL('../dist/index.js', import.meta.url).href
  const parent = spawn(process.execPath, ['--input-type=module', '-e', PARENT, entry, kind, dataDir, manner], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  parents.push(parent)
  const url = await new Promise<string>((resolve, reject) => {
    parent.once('exit', (code) => reject(new Error(`the parent ended with ${code} before it told the address`)))
    parent.stdout?.once('data', (chunk) => resolve(String(chunk).trim()))
  })
  return { parent, url }
}

async function answers(url: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 1000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.incr('asked')
    return true
  } catch {
    return false
  } finally {
    client.disconnect()
  }
}

describe.each(kinds)('the rung %s', (kind) => {
  test('ends when its parent is killed with SIGKILL, and what it held is there for the next one', async () => {
    const { parent, url } = await startParent(kind, 'stay')
    expect(await answers(url)).toBe(true)
    const dead = once(parent, 'exit')
    parent.kill('SIGKILL')
    await dead

    const next = await openDevRedis({ kind: kind as 'embedded', dataDir })
    try {
      expect(await answers(url)).toBe(false)
      const client = new Redis(next.url)
      expect(await client.get('asked')).toBe('1')
      client.disconnect()
    } finally {
      await next.close()
    }
  })

  test('does not keep its parent alive, and ends with it', async () => {
    const { url } = await startParent(kind, 'end')
    await vi.waitFor(async () => expect(await answers(url)).toBe(false), { timeout: 20_000, interval: 20 })
  })
})
