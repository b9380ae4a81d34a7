import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findRedisServer } from '@millrace/embedded'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PINNED } from '../src/init/project-files.js'
import { CliProcess, runCli } from './cli-process.js'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
/** What an installation would put into node_modules. */
const LINKS = {
  millrace: 'packages/millrace',
  '@millrace/cli': 'apps/cli',
  zod: 'apps/cli/node_modules/zod',
  typescript: 'node_modules/typescript',
  '@types/node': 'node_modules/@types/node',
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-init-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('what is there stays: a file, and a folder that is not empty', async () => {
  const full = join(folder, 'full')
  mkdirSync(full)
  writeFileSync(join(full, 'mine.txt'), 'mine')
  for (const [dir, cwd, message] of [
    ['full', folder, /^error: Folder full is not empty \(mine\.txt\), and nothing was written: name a new one/],
    ['.', full, /^error: This folder is not empty/],
    ['full/mine.txt', folder, /^error: full\/mine\.txt is a file: name a folder/],
  ] as const) {
    const end = await runCli(['init', dir], { cwd })
    expect(end).toMatchObject({ status: 1, stdout: '' })
    expect(end.stderr).toMatch(message)
  }
  expect(readdirSync(full)).toEqual(['mine.txt'])
})

test('versions are pinned to those that the workspace tests with', () => {
  const root = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { devDependencies: object }
  expect(root.devDependencies).toMatchObject(PINNED)
})

describe('a new project', () => {
  let project: string
  beforeAll(async () => {
    const end = await runCli(['init', 'My first!'], { cwd: folder })
    expect(end).toMatchObject({ status: 0, stderr: '' })
    expect(end.stdout).toMatch(/Next:\n {2}cd 'My first!' && pnpm install +\n {2}pnpm dev +.*\n {2}pnpm produce +.*\n$/)
    project = join(folder, 'My first!')
    for (const [name, target] of Object.entries(LINKS)) {
      mkdirSync(join(project, 'node_modules', name, '..'), { recursive: true })
      symlinkSync(join(ROOT, target), join(project, 'node_modules', name))
    }
  })
  const run = (...args: string[]) => {
    const { MILLRACE_BROKER: _, ...env } = process.env
    return spawnSync(process.execPath, args, { cwd: project, env, encoding: 'utf8' })
  }

  test('has a name that an app may have', () => {
    const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as object
    expect(manifest).toMatchObject({ name: 'my-first', millrace: { name: 'My-first' } })
  })

  test('has true types', () => {
    const { status, stdout } = run('node_modules/typescript/bin/tsc')
    expect([status, stdout]).toEqual([0, ''])
  })

  test('passes its test', () => {
    const { status, stdout } = run('--test', 'src/**/*.test.ts')
    expect(stdout).toMatch(/pass 2\n/)
    expect(status).toBe(0)
  })

  test.skipIf(findRedisServer() === undefined)('runs', async () => {
    const dev = new CliProcess(['dev'], { cwd: project })
    try {
      await dev.printed('ready      app My-first: 1 task')
      const { status, stdout, stderr } = run('src/producer.ts', 'Bob')
      expect([status, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(/^\S+ \{ text: 'Hello, Bob!' \}\n$/)
      await dev.printed('succeeded  hello.greet')
      dev.signal('SIGINT')
      expect(await dev.ended).toMatchObject({ status: 0, stderr: '' })
    } finally {
      await dev.kill()
    }
  })
})
