import { spawn } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

/**
 * scripts/test.sh in a workspace of stand-ins: `pnpm` and `redis-server` are small shell scripts, the rest is real.
 */
const here = dirname(fileURLToPath(import.meta.url))
let root
let children

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-test-command-'))
  children = []
  for (const folder of ['scripts', 'bin']) mkdirSync(join(root, folder))
  for (const file of ['test.sh', 'count-tests.mjs']) copyFileSync(join(here, file), join(root, 'scripts', file))
  writeFileSync(join(root, 'scripts', 'embed-lua.mjs'), '')
  writeFileSync(join(root, 'scripts', 'check-layers.mjs'), '')
  writeFileSync(join(root, 'scripts', 'check-docs.mjs'), '')
  writeFileSync(join(root, 'scripts', 'snippets.mjs'), '')
  mkdirSync(join(root, 'scripts', 'api-reference'))
  writeFileSync(join(root, 'scripts', 'api-reference', 'build.mjs'), '')
  command('scripts/env.sh', `PATH="${join(root, 'bin')}:$PATH" exec "$@"`)
  command('bin/redis-server', 'echo Redis server v=0')
  command('bin/etcd', 'echo etcd Version: 0')
  command('bin/chromium', 'echo Chromium 0')
  pnpm({})
})

afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

function command(path, text) {
  writeFileSync(join(root, path), `#!/bin/sh\n${text}\n`)
  chmodSync(join(root, path), 0o755)
}

/** Steps by the word that tells them apart, each with the shell text to run instead of nothing. */
function pnpm(steps) {
  const cases = Object.entries(steps).map(([word, text]) => `*"${word}"*) ${text} ;;`)
  const report = '*outputFile*) write_report 3 0 1 ;;'
  const typeReport = '*typecheck.only*) write_report 1 0 0 ;;'
  command(
    'bin/pnpm',
    `write_report() {
  for a in $arguments; do case $a in --outputFile.json=*) file=\${a#*=} ;; esac; done
  echo "{\\"numPassedTests\\":$1,\\"numFailedTests\\":$2,\\"numPendingTests\\":$3,\\"numTodoTests\\":0,\\"testResults\\":[]}" >"$file"
}
arguments=$*
echo "pnpm $*" >>"${join(root, 'calls')}"
case "$*" in
${[...cases, typeReport, report].join('\n')}
esac`,
  )
}

function run(options = {}) {
  const child = spawn('bash', ['scripts/test.sh'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  })
  children.push(child)
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
    options.onOutput?.(output, child)
  })
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  return new Promise((resolve) => {
    child.once('close', (status) => resolve({ status, output, last: output.trimEnd().split('\n').at(-1) }))
  })
}

/** Empty for a process that has ended, whether or not somebody has taken note of it. */
function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

test('adds up all reports in its last line and ends with 0', async () => {
  const { status, output, last } = await run()
  expect(last).toBe('4 passed, 0 failed, 1 skipped')
  expect(status).toBe(0)
  expect(output.endsWith('skipped\n')).toBe(true)
  expect(output).toContain('== build\n-- build: ok, ')
  expect(output).not.toContain('failed:')
})

test('a failing step counts as one failure, is named, and does not stop the tests', async () => {
  pnpm({ 'tsc -b': 'echo "a.ts: error"; exit 2', oxlint: 'exit 1' })
  const { status, output, last } = await run()
  expect(last).toBe('4 passed, 2 failed, 1 skipped')
  expect(status).toBe(1)
  expect(output).toContain('-- build: FAILED with status 2, ')
  expect(output).toContain('failed: build,lint\n')
})

test('without packages there is nothing to run, and the last line is still there', async () => {
  pnpm({ 'install --frozen-lockfile': 'exit 1' })
  const { status, last } = await run()
  expect(last).toBe('0 passed, 1 failed, 0 skipped')
  expect(status).toBe(1)
  expect(readFileSync(join(root, 'calls'), 'utf8')).not.toContain('vitest')
})

test('failed tests are counted once, not again as a step', async () => {
  pnpm({ 'vitest run --reporter=dot --reporter=json --outputFile.json=': 'write_report 5 2 0; exit 1' })
  const { status, last } = await run()
  expect(last).toBe('10 passed, 4 failed, 0 skipped')
  expect(status).toBe(1)
})

test('a test run that dies without a report is one failure', async () => {
  pnpm({ 'typecheck.only': 'exit 137', outputFile: 'write_report 3 0 0' })
  const { status, output, last } = await run()
  expect(last).toBe('3 passed, 1 failed, 0 skipped')
  expect(status).toBe(1)
  expect(output).toContain('failed: type tests\n')
})

test('without any Redis it says which tests are skipped and tells them', async () => {
  // A PATH with what the command needs, and no redis-server, apt-get or docker.
  const tools = join(root, 'tools')
  mkdirSync(tools)
  for (const tool of ['bash', 'sh', 'sed', 'grep', 'mktemp', 'rm', 'dirname', 'seq', 'sleep', 'cat', 'env']) {
    command(`tools/${tool}`, `PATH='${process.env.PATH}' exec ${tool} "$@"`)
  }
  command('tools/sh', `exec /bin/sh "$@"`)
  command('tools/node', `exec '${process.execPath}' "$@"`)
  rmSync(join(root, 'bin', 'redis-server'))
  command('scripts/env.sh', `PATH="${join(root, 'bin')}:${tools}" exec "$@"`)
  pnpm({ outputFile: `echo "redis: $MILLRACE_TEST_REDIS"; write_report 1 0 9` })
  const { status, output, last } = await run()
  expect(output).toContain('the tests that need a real server are skipped')
  expect(output).toContain('redis: none')
  expect(last).toBe('2 passed, 0 failed, 18 skipped')
  expect(status).toBe(0)
})

test.runIf(process.platform === 'linux')(
  'a server that a test leaves behind is ended and counted',
  async () => {
    const pidFile = join(root, 'pid')
    pnpm({ 'typecheck.only': `sleep 300 >/dev/null 2>&1 & echo $! >${pidFile}; write_report 1 0 0` })
    const { status, output, last } = await run({ env: { MILLRACE_TEST_GRACE_S: '1' } })
    expect(output).toMatch(/still running after the tests, killed now:\n {2}\d+ sleep 300/)
    expect(last).toBe('4 passed, 1 failed, 1 skipped')
    expect(status).toBe(1)
    expect(commandLine(readFileSync(pidFile, 'utf8').trim())).toBe('')
  },
  40_000,
)

test('an interrupted run still ends with the line, and not with 0', async () => {
  pnpm({ 'tsc -b': 'echo started; sleep 1' })
  const { status, output, last } = await run({
    onOutput(said, child) {
      if (said.includes('started')) child.kill('SIGTERM')
    },
  })
  expect(last).toBe('0 passed, 1 failed, 0 skipped')
  expect(output).toContain('failed: interrupted')
  expect(status).toBe(1)
})
