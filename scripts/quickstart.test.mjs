import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

/** scripts/quickstart.sh in a workspace of stand-ins: `pnpm` notes its calls, the demo prints its arguments. */
const here = dirname(fileURLToPath(import.meta.url))
let root

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-quickstart-'))
  for (const folder of ['scripts', 'bin', 'node_modules', 'packages/core', 'apps/demo/dist']) {
    mkdirSync(join(root, folder), { recursive: true })
  }
  copyFileSync(join(here, 'quickstart.sh'), join(root, 'scripts', 'quickstart.sh'))
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) writeFileSync(join(root, file), 'one')
  for (const folder of ['', 'packages/core', 'apps/demo']) writeFileSync(join(root, folder, 'package.json'), '{}')
  command('scripts/env.sh', `PATH="${join(root, 'bin')}:$PATH" exec "$@"`)
  command('bin/pnpm', `echo "$*" >>"${join(root, 'calls')}"`)
  const demo = 'console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 7'
  writeFileSync(join(root, 'apps/demo/dist/main.js'), demo)
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function command(path, text) {
  writeFileSync(join(root, path), `#!/bin/sh\n${text}\n`)
  chmodSync(join(root, path), 0o755)
}

function run(...args) {
  return spawnSync('bash', ['scripts/quickstart.sh', ...args], { cwd: root, encoding: 'utf8' })
}

function calls() {
  return readFileSync(join(root, 'calls'), 'utf8').trim().split('\n')
}

test('hands its arguments to the demo and ends with its status, the demo alone on stdout', () => {
  const { status, stdout, stderr } = run('my documents', '--query', 'two words')
  expect(stdout).toBe('["my documents","--query","two words"]\n')
  expect(status).toBe(7)
  expect(stderr).toMatch(/^Node and pnpm +\d+\.\d s\npackages +\d+\.\d s\nbuild +\d+\.\d s\n$/)
})

test('installs again only when the lockfile or a manifest has changed', () => {
  run()
  run()
  expect(calls().filter((call) => call.startsWith('install'))).toEqual(['install --frozen-lockfile'])
  writeFileSync(join(root, 'packages/core/package.json'), '{"name":"core"}')
  run()
  expect(calls().filter((call) => call.startsWith('install'))).toHaveLength(2)
})

test('shows what a failing step printed, and does not run the demo', () => {
  command('bin/pnpm', 'case $1 in install) echo "no such package"; exit 1 ;; esac')
  const { status, stdout, stderr } = run()
  expect(stderr).toContain('packages failed:\nno such package\n')
  expect(stdout).toBe('')
  expect(status).toBe(1)
  // A failed install is tried again.
  command('bin/pnpm', '')
  expect(run().status).toBe(7)
})

test('--help prints the usage and touches nothing', () => {
  const { status, stdout } = run('--help')
  expect(stdout).toContain('usage: scripts/quickstart.sh [FOLDER] [--query "WORDS"]')
  expect(status).toBe(0)
  expect(existsSync(join(root, 'calls'))).toBe(false)
})
