import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startRedisServer } from '@millrace/embedded'
import type { DispatchOrder, DispatchQuestion, DispatchReading } from './dispatch-order.js'

const ENTRY = fileURLToPath(new URL('./dispatch-child.js', import.meta.url))

/** A dispatcher or worker process of the run. */
export class DispatchProcess {
  constructor(private readonly child: ChildProcess) {}

  async read(question: DispatchQuestion = 'read'): Promise<DispatchReading> {
    const answer = once(this.child, 'message')
    this.child.send(question)
    return ((await answer) as [DispatchReading])[0]
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const exited = once(this.child, 'exit')
    this.child.kill('SIGKILL')
    await exited
  }
}

/** One measurement's private Redis (an append-only file, flushed once a second) and its processes. */
export class DispatchStage {
  readonly #processes: DispatchProcess[] = []

  private constructor(readonly url: string) {}

  static async with<T>(act: (stage: DispatchStage) => Promise<T>): Promise<T> {
    const server = await startRedisServer({ appendonly: true, args: ['--appendfsync', 'everysec'] })
    const stage = new DispatchStage(server.url)
    try {
      return await act(stage)
    } finally {
      await Promise.all(stage.#processes.map((each) => each.kill()))
      await server.close()
    }
  }

  /** Resolves once it works; a dispatcher, once it leads. */
  async start(order: Omit<DispatchOrder, 'url'>): Promise<DispatchProcess> {
    const env = { ...process.env, MILLRACE_BENCH_DISPATCH: JSON.stringify({ ...order, url: this.url }) }
    const child = spawn(process.execPath, [ENTRY], { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const started = new DispatchProcess(child)
    this.#processes.push(started)
    await once(child, 'message')
    while (order.role === 'dispatcher' && !(await started.read()).leads) await pause(20)
    return started
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
