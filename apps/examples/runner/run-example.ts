import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDevRedis } from '@millrace/embedded'

const HERE = join(import.meta.dirname, '..')
const MILLRACE = join(HERE, '../cli/bin/millrace.js')
const NODE_OPTIONS = '--disable-warning=ExperimentalWarning'

export interface ExampleRun {
  /** Each line of the script, as it comes. */
  readonly onLine?: (line: string) => void
  /** Ends everything early. */
  readonly signal?: AbortSignal
}

/**
 * Runs one example as its README says: a worker process, and beside it the script. Redis: `MILLRACE_BROKER`, else a private one.
 * Resolves with the lines that the script printed. Rejects with what both processes said when the script fails.
 */
export async function runExample(feature: string, { onLine, signal }: ExampleRun = {}): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-example-'))
  const redis = await openDevRedis({ dataDir: join(folder, 'redis') })
  const env = { ...process.env, MILLRACE_BROKER: redis.url, EXAMPLE_FOLDER: folder, NODE_OPTIONS }
  const start = (...args: string[]) => new Transcript(spawn(process.execPath, args, { cwd: HERE, env }))
  const worker = start(MILLRACE, 'worker', '--app', `${feature}/worker.ts`, '--grace', '5s')
  const script = start(`${feature}/run.ts`)
  script.onLine = onLine
  const stop = () => script.child.kill()
  signal?.addEventListener('abort', stop)
  try {
    // Without a worker the script would wait for ever.
    void worker.ended.then(stop)
    const status = await script.ended
    if (status === 0) return script.lines
    throw new Error(`${feature}/run.ts ended with ${status}:\n${script.text}\nthe worker said:\n${worker.text}`)
  } finally {
    signal?.removeEventListener('abort', stop)
    worker.child.kill('SIGTERM')
    await worker.ended
    await redis.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** What a process prints, until it ends. */
class Transcript {
  readonly child: ChildProcess
  /** Resolves with the status, or the signal that ended it. */
  readonly ended: Promise<number | string>
  readonly lines: string[] = []
  onLine: ((line: string) => void) | undefined
  #errors = ''

  constructor(child: ChildProcess) {
    this.child = child
    this.ended = once(child, 'close').then(([status, signal]) => status ?? signal)
    let rest = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        this.lines.push(line)
        this.onLine?.(line)
      }
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text
    })
  }

  get text(): string {
    return [...this.lines, this.#errors].join('\n')
  }
}
