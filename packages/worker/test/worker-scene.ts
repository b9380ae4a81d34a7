import {
  defineTask,
  encodeMessage,
  type Logger,
  type TaskHandler,
  type TaskOptions,
  TaskRegistry,
} from '@millrace/core'
import type { WorkerHost } from '../src/host.js'
import type { WorkerOptions } from '../src/options.js'
import { Worker } from '../src/worker.js'
import type { WorkerEvent } from '../src/worker-event.js'
import { ScriptedBroker } from './scripted-broker.js'

export interface LogLine {
  readonly level: string
  readonly text: string
  readonly fields: Record<string, unknown>
}

/** A worker over a scripted broker, with what a test wants to look at. */
export class WorkerScene {
  readonly store = new ScriptedBroker()
  readonly registry = new TaskRegistry()
  readonly events: WorkerEvent[] = []
  readonly log: LogLine[] = []
  readonly workers: Worker[] = []
  #ids = 0

  task(name: string, handler: TaskHandler, options: TaskOptions = {}): void {
    this.registry.add(defineTask(name, options))
    this.registry.handle(name, handler)
  }

  /** Puts a job on a queue; returns its id. */
  enqueue(
    task: string,
    input: unknown = null,
    job: { queue?: string; extras?: Parameters<typeof encodeMessage>[3] } & Record<string, unknown> = {},
  ): string {
    const { queue = 'default', extras, ...rest } = job
    const id = `j${++this.#ids}`
    this.store.add(queue, {
      id,
      wire: JSON.parse(encodeMessage(task, JSON.stringify(input), Date.now(), extras)),
      ...rest,
    })
    return id
  }

  host(more: Partial<WorkerHost> = {}): WorkerHost {
    return {
      name: 'test',
      registry: this.registry,
      broker: async () => this.store.broker,
      logger: this.logger(),
      ...more,
    }
  }

  worker(options: WorkerOptions = {}, host: Partial<WorkerHost> = {}): Worker {
    const worker = new Worker(this.host(host), { onEvent: (event) => this.events.push(event), ...options })
    this.workers.push(worker)
    return worker
  }

  async started(options: WorkerOptions = {}, host: Partial<WorkerHost> = {}): Promise<Worker> {
    const worker = this.worker(options, host)
    await worker.start()
    return worker
  }

  kinds(): string[] {
    return this.events.map((event) => event.kind)
  }

  verdicts(id: string): string[] {
    return this.store.settled.filter(({ reservation }) => reservation.id === id).map(({ verdict }) => verdict.kind)
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop({ grace: 0 })))
  }

  private logger(bindings: Record<string, unknown> = {}): Logger {
    const method = (level: string) => (first: object | string, second?: string) => {
      const fields = typeof first === 'object' ? first : {}
      this.log.push({
        level,
        text: typeof first === 'string' ? first : (second ?? ''),
        fields: { ...bindings, ...fields },
      })
    }
    const logger = Object.fromEntries(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal'].map((level) => [level, method(level)]),
    )
    return {
      ...logger,
      child: (more: Record<string, unknown>) => this.logger({ ...bindings, ...more }),
    } as unknown as Logger
  }
}

/** Waits for a named condition; fails loudly after 20 s. */
export async function until(what: string, holds: () => boolean, ms = 20_000): Promise<void> {
  const deadline = performance.now() + ms
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`waited ${ms} ms in vain: ${what}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
