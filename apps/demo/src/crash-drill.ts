import type { WorkerPool } from './processes/worker-pool.js'
import { LEASE } from './processes/worker-settings.js'
import type { Crash } from './report/summary.js'

/** A worker is killed when this part of the documents is done. */
const MOMENT = 0.4

export interface CrashDrillOptions {
  readonly pool: Pick<WorkerPool, 'kill'>
  /** How many index jobs there are, and how many of those fail at first: those are in nobody's hands then. */
  readonly documents: number
  readonly late: number
  say(line: string): void
}

/** Kills a worker in the middle of the run, and watches what becomes of the jobs that it held. */
export class CrashDrill {
  readonly #options: CrashDrillOptions
  readonly #moment: number
  #killed: { readonly pid: number; readonly percent: number; readonly at: number } | undefined
  #recovered = 0
  #recoveredAt: number | undefined

  constructor(options: CrashDrillOptions) {
    this.#options = options
    const { documents, late } = options
    this.#moment = Math.max(1, Math.min(Math.ceil(documents * MOMENT), documents - late))
  }

  /** To be told often how far the run is. */
  watch({ done, crashed }: { readonly done: number; readonly crashed: number }, now = performance.now()): void {
    const { documents, say } = this.#options
    if (this.#killed === undefined) {
      if (done >= this.#moment && done < documents) this.#kill(done, now)
      return
    }
    if (crashed <= this.#recovered) return
    const more = crashed - this.#recovered
    this.#recovered = crashed
    this.#recoveredAt = now
    say(
      `↻ its lease ended: ${more === 1 ? '1 job' : `${more} jobs`} that it held went back to the queue, ${seconds(now - this.#killed.at)} after the kill`,
    )
  }

  result(): Crash {
    const killed = this.#killed
    return {
      killed: killed?.pid ?? null,
      atPercent: killed?.percent ?? 0,
      recovered: this.#recovered,
      afterSeconds:
        killed === undefined || this.#recoveredAt === undefined ? null : (this.#recoveredAt - killed.at) / 1_000,
    }
  }

  #kill(done: number, now: number): void {
    const { pool, documents, say } = this.#options
    const { killed, fresh } = pool.kill()
    const percent = Math.round((done / documents) * 100)
    this.#killed = { pid: killed, percent, at: now }
    say(
      `✗ worker ${killed} was killed with SIGKILL at ${percent} % (${done} of ${documents}): what it held waits until its lease of ${LEASE} ends`,
    )
    fresh.then(
      (pid) => say(`✓ worker ${pid} was started in its place`),
      (error: unknown) =>
        say(`✗ no worker could be started in its place: ${error instanceof Error ? error.message : String(error)}`),
    )
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}
