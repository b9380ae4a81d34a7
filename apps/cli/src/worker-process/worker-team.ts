import type { Logger } from '@millrace/core'
import { CliError } from '../cli-error.js'
import { RespawnPause } from '../respawn-pause.js'
import type { WorkerCondition } from '../worker-condition.js'
import type { LoadedModule } from './messages.js'
import type { WorkerProcessEnd } from './worker-process.js'

/** A worker process, as far as a team needs it. */
export interface Member {
  readonly pid: number | undefined
  readonly loaded: Promise<LoadedModule>
  readonly ended: Promise<WorkerProcessEnd>
  readonly condition: WorkerCondition
  start(): void
  stop(): void
  kill(): void
}

export interface WorkerTeamSetup {
  /** How many processes. */
  readonly size: number
  readonly logger: Logger
  readonly fork: () => Member
}

/** Several worker processes that do the same. One that dies is replaced, with a back-off; one that is told to stop from afar is not. */
export class WorkerTeam {
  readonly #members: (Member | undefined)[]
  readonly #pauses: RespawnPause[]
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #over: Promise<void>
  #end: () => void = () => undefined
  #fail: (error: unknown) => void = () => undefined
  #started = false
  #stopping = false
  #left = 0

  constructor(private readonly setup: WorkerTeamSetup) {
    this.#members = Array.from({ length: setup.size }, () => undefined)
    this.#pauses = Array.from({ length: setup.size }, () => new RespawnPause())
    this.#over = new Promise((resolve, reject) => {
      this.#end = resolve
      this.#fail = reject
    })
    // Seen by `stopped`.
    this.#over.catch(() => undefined)
  }

  get conditions(): readonly WorkerCondition[] {
    return this.#members.map((member) => member?.condition ?? { state: 'starting', connected: true })
  }

  /** Resolves when every process has loaded the module and takes jobs soon. Rejects with what the first one said that cannot. */
  async start(): Promise<void> {
    const members = this.#members.map((_, slot) => this.#fork(slot))
    try {
      await Promise.all(members.map((member) => member.loaded))
    } catch (error) {
      if (this.#stopping) return
      await this.stop()
      throw error
    }
    this.#started = true
    if (!this.#stopping) for (const member of members) member.start()
  }

  /** Every process drains; again: puts back at once. Resolves when all have ended. */
  async stop(): Promise<void> {
    this.#stopping = true
    for (const timer of this.#timers) clearTimeout(timer)
    const members = this.#members.filter((member) => member !== undefined)
    for (const member of members) member.stop()
    await Promise.all(members.map((member) => member.ended))
    this.#end()
  }

  /** Resolves when all have ended; rejects when one says at its first start that it cannot run at all. */
  stopped(): Promise<void> {
    return this.#over
  }

  #fork(slot: number): Member {
    const member = this.setup.fork()
    const startedAt = performance.now()
    this.#members[slot] = member
    this.setup.logger.info({ process: slot + 1, pid: member.pid }, 'worker process started')
    void member.ended.then((end) => {
      this.#members[slot] = undefined
      this.#ended(slot, end, performance.now() - startedAt)
    })
    return member
  }

  #ended(slot: number, end: WorkerProcessEnd, livedMs: number): void {
    if (this.#stopping || !this.#started) return
    if (end.dismissed) {
      this.#left += 1
      this.setup.logger.info({ process: slot + 1 }, 'worker process was told to stop from afar: it is not replaced')
      if (this.#left === this.setup.size) this.#end()
      return
    }
    if (end.refusal !== undefined && !end.served) {
      this.#fail(new CliError(end.refusal))
      return
    }
    const inMs = this.#pauses[slot]?.next(livedMs) ?? 0
    const { code, signal } = end
    this.setup.logger.warn({ process: slot + 1, code, signal, inMs }, 'worker process ended by itself: it is replaced')
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#replace(slot)
    }, inMs)
    this.#timers.add(timer)
  }

  #replace(slot: number): void {
    const member = this.#fork(slot)
    member.loaded.then(
      () => member.start(),
      (error: unknown) => this.setup.logger.error({ process: slot + 1, err: error }, 'worker process cannot run'),
    )
  }
}
