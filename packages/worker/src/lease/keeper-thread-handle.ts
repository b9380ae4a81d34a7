import { Worker as Thread } from 'node:worker_threads'
import type { Logger } from '@millrace/core'
import type { TimerSource } from '../timer-source.js'
import type { KeeperOrder, KeeperReport, KeeperStart } from './keeper-messages.js'

const FIRST_RESTART_MS = 1_000
const MAX_RESTART_MS = 60_000

/** Keeps the lease keeper thread running: a thread that dies is started again and told everything anew. */
export class KeeperThreadHandle {
  #thread: Thread | undefined
  #stopped = false
  #restartMs = FIRST_RESTART_MS

  constructor(
    private readonly start: KeeperStart,
    private readonly setting: {
      readonly logger: Logger
      readonly timers: TimerSource
      /** Every seat that is kept, for a thread that knows nothing yet. */
      readonly orders: () => Iterable<KeeperOrder>
      readonly report: (report: KeeperReport) => void
    },
  ) {
    this.#run()
  }

  send(order: KeeperOrder): void {
    this.#thread?.postMessage(order)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    const thread = this.#thread
    if (thread === undefined) return
    thread.postMessage({ kind: 'stop' } satisfies KeeperOrder)
    const gone = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
    const deadline = this.setting.timers.after(1_000, () => void thread.terminate())
    await gone
    deadline.cancel()
  }

  #run(): void {
    const thread = new Thread(threadFile(), { workerData: this.start, execArgv: [], name: 'millrace-leases' })
    thread.unref()
    this.#thread = thread
    thread.on('message', (report: KeeperReport) => this.setting.report(report))
    thread.on('error', (error) => this.setting.logger.error({ err: error }, 'the lease keeper thread failed'))
    thread.on('exit', () => {
      if (this.#thread === thread) this.#thread = undefined
      if (this.#stopped) return
      this.setting.timers.after(this.#restartMs, () => !this.#stopped && this.#run())
      this.#restartMs = Math.min(MAX_RESTART_MS, this.#restartMs * 2)
    })
    for (const order of this.setting.orders()) this.send(order)
  }
}

/** Beside this file when built; tests run the source, threads cannot. */
function threadFile(): URL {
  const path = import.meta.url.endsWith('.ts') ? '../../dist/lease/lease-keeper-thread.js' : './lease-keeper-thread.js'
  return new URL(path, import.meta.url)
}
