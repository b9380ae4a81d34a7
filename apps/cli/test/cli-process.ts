import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { until } from './until.js'

export const BIN = fileURLToPath(new URL('../bin/millrace.js', import.meta.url))
export const FIXTURE = fileURLToPath(new URL('./fixture', import.meta.url))

const DEADLINE_MS = 50_000

export interface CliOptions {
  /** Default: the fixture's folder. */
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
}

export interface CliEnd {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A `millrace` process that runs until it is told to stop. */
export class CliProcess {
  stdout = ''
  stderr = ''
  readonly ended: Promise<CliEnd>
  readonly #child: ChildProcess

  constructor(args: readonly string[], options: CliOptions = {}) {
    const { MILLRACE_BROKER: _, MILLRACE_DEBUG: __, COLUMNS: ___, ...inherited } = process.env
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd: options.cwd ?? FIXTURE,
      env: { ...inherited, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#child = child
    child.stdin.end(options.stdin ?? '')
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
    })
    this.ended = new Promise((resolve) => {
      child.once('close', (status) => resolve({ status, stdout: this.stdout, stderr: this.stderr }))
    })
  }

  get pid(): number {
    return this.#child.pid as number
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Waits until it has printed this. */
  async printed(text: string): Promise<void> {
    await until(`${text} in the output`, () => {
      if (this.#child.exitCode !== null) throw new Error('it ended first')
      return this.stdout.includes(text)
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}; it printed:\n${this.stdout}\n${this.stderr}`, { cause: error })
    })
  }

  /** The JSON log lines so far. */
  lines(): Record<string, unknown>[] {
    return this.stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  }

  /** For afterEach: leaves nothing behind. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.ended
  }
}

/** Runs one command to its end. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliEnd> {
  const cli = new CliProcess(args, options)
  const timer = setTimeout(() => void cli.kill(), DEADLINE_MS)
  try {
    return await cli.ended
  } finally {
    clearTimeout(timer)
  }
}
