import { randomUUID } from 'node:crypto'
import type { Clock, Logger } from '@millrace/core'
import type { BulkProgress } from '@millrace/monitor'
import type { Operation } from '../contract/index.js'

const KEPT_MS = 3_600_000
const MAX_KEPT = 100
const MAX_RUNNING = 10

/** What an operation does: reports how far it is, ends when told to, and says whether it did all. */
export type OperationWork = (
  report: (progress: BulkProgress) => void,
  signal: AbortSignal,
) => Promise<BulkProgress & { readonly complete: boolean }>

interface Entry {
  operation: Operation
  readonly stop: AbortController
  ended: Promise<void>
}

/** Bulk work under way in this process, and what became of that of the last hour. */
export class Operations {
  readonly #entries = new Map<string, Entry>()

  constructor(
    private readonly parts: {
      readonly clock: Clock
      readonly logger: Logger
      /** Called at the start, along the way, and at the end. */
      readonly changed: (operation: Operation) => void
    },
  ) {}

  /** Starts the work. Undefined where ten are under way. */
  start(what: Pick<Operation, 'action' | 'target' | 'by'>, work: OperationWork): Operation | undefined {
    this.#forgetOld()
    const running = [...this.#entries.values()].filter(({ operation }) => operation.state === 'running')
    if (running.length >= MAX_RUNNING) return undefined
    const begun: Operation = {
      ...what,
      id: randomUUID(),
      startedAt: this.parts.clock.now(),
      endedAt: null,
      state: 'running',
      matched: null,
      handled: 0,
      changed: 0,
      skipped: 0,
      complete: false,
      message: null,
    }
    const entry: Entry = { operation: begun, stop: new AbortController(), ended: Promise.resolve() }
    this.#entries.set(begun.id, entry)
    this.parts.changed(begun)
    entry.ended = this.#run(entry, work)
    return begun
  }

  /** The newest first. */
  list(): Operation[] {
    this.#forgetOld()
    return [...this.#entries.values()].map(({ operation }) => operation).reverse()
  }

  find(id: string): Operation | undefined {
    this.#forgetOld()
    return this.#entries.get(id)?.operation
  }

  /** Ends it after the step that it is at. */
  stop(id: string): Operation | undefined {
    const entry = this.#entries.get(id)
    entry?.stop.abort()
    return entry?.operation
  }

  /** Stops all; resolves when none runs. */
  async close(): Promise<void> {
    for (const { stop } of this.#entries.values()) stop.abort()
    await Promise.all([...this.#entries.values()].map(({ ended }) => ended))
  }

  async #run(entry: Entry, work: OperationWork): Promise<void> {
    const { clock, logger, changed } = this.parts
    const update = (change: Partial<Operation>) => {
      entry.operation = { ...entry.operation, ...change }
      changed(entry.operation)
    }
    const figures = (progress: BulkProgress) => ({
      matched: progress.matched,
      changed: progress.changed,
      skipped: progress.skipped,
      handled: progress.changed + progress.skipped,
    })
    try {
      const end = await work((progress) => update(figures(progress)), entry.stop.signal)
      const state = entry.stop.signal.aborted && !end.complete ? 'stopped' : 'done'
      update({ ...figures(end), complete: end.complete, state, endedAt: clock.now() })
    } catch (error) {
      logger.error({ err: error, operation: entry.operation.id }, 'an operation of the dashboard failed')
      const message = 'The broker did not answer: what is done stays done; start it again for the rest.'
      update({ state: 'failed', message, endedAt: clock.now() })
    }
  }

  #forgetOld(): void {
    const now = this.parts.clock.now()
    for (const [id, { operation }] of this.#entries) {
      const { endedAt } = operation
      if (endedAt !== null && (now - endedAt > KEPT_MS || this.#entries.size > MAX_KEPT)) this.#entries.delete(id)
    }
  }
}
