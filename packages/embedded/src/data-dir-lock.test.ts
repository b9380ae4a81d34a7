import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockDataDir } from './data-dir-lock.js'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-lock-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  return child.pid ?? 0
}

test('is held by one, and free again after release', async () => {
  const lock = await lockDataDir(folder)
  await expect(lockDataDir(folder)).rejects.toThrow(`in use by process ${process.pid}`)
  lock.release()
  expect(readdirSync(folder)).toEqual([])
  const next = await lockDataDir(folder)
  next.release()
})

test('is won by exactly one of several who try at once', async () => {
  const tries = await Promise.allSettled(Array.from({ length: 10 }, () => lockDataDir(folder)))
  expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
})

test('is taken over from a process that died, even when its file makes no sense', async () => {
  for (const left of [`${await deadPid()}\n`, `${await deadPid()} ${await deadPid()}\n`, '', 'nonsense']) {
    writeFileSync(join(folder, 'lock'), left)
    const lock = await lockDataDir(folder)
    expect(readFileSync(join(folder, 'lock'), 'utf8')).toBe(`${process.pid}\n`)
    lock.release()
    expect(readdirSync(folder)).toEqual([])
  }
})

test('waits for the server of a process that died', async () => {
  const server = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await once(server, 'spawn')
  writeFileSync(join(folder, 'lock'), `${await deadPid()} ${server.pid}\n`)
  let taken = false
  const taking = lockDataDir(folder).then((lock) => {
    taken = true
    return lock
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(taken).toBe(false)
  server.kill('SIGKILL')
  const lock = await taking
  lock.release()
})

test('release leaves a lock alone that another process has taken meanwhile', async () => {
  const lock = await lockDataDir(folder)
  writeFileSync(join(folder, 'lock'), '1\n')
  lock.release()
  expect(readdirSync(folder)).toEqual(['lock'])
})
