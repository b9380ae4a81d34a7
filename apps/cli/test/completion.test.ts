import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from './cli-process.js'
import { millraceOnPath } from './millrace-on-path.js'

const complete = async (...words: string[]) =>
  (await runCli(['--get-yargs-completions', 'millrace', ...words])).stdout.trim().split('\n')

test('commands, then the options of the command', async () => {
  expect(await complete('')).toEqual(expect.arrayContaining(['dev', 'worker', 'doctor']))
  const options = await complete('worker', '--')
  expect(options).toEqual(expect.arrayContaining(['--processes', '--health-port', '--json']))
  expect(options).not.toContain('--state')
})

test('zsh gets a script of its own', async () => {
  expect((await runCli(['completion', 'zsh'])).stdout).toMatch(/^#compdef millrace\n/)
})

describe.skipIf(spawnSync('bash', ['--version']).status !== 0)('in bash', () => {
  let bin: ReturnType<typeof millraceOnPath>
  beforeAll(() => {
    bin = millraceOnPath()
  })
  afterAll(() => bin.remove())

  test('the script completes', () => {
    const script = `source <(millrace completion bash)
      COMP_WORDS=(millrace que) COMP_CWORD=1
      _millrace_yargs_completions
      echo "\${COMPREPLY[@]}"
      COMP_WORDS=(millrace jobs --st) COMP_CWORD=2
      _millrace_yargs_completions
      echo "\${COMPREPLY[@]}"`
    const { stdout, stderr } = spawnSync('bash', ['-c', script], {
      encoding: 'utf8',
      env: { ...process.env, PATH: bin.path },
    })
    expect([stdout, stderr]).toEqual(['queues\n--state\n', ''])
  })
})
