import type { ConsumerPort, TaskDurations, WorkerCommand, WorkerInfo } from '@millrace/broker'
import type { Logger } from '@millrace/core'
import type { Timer, TimerSource } from '../timer-source.js'
import { callWithin } from './call-within.js'

const RETIRE_MS = 2_000

export interface AnnouncerSetup {
  readonly consumer: ConsumerPort
  readonly workerId: string
  readonly everyMs: number
  readonly timers: TimerSource
  readonly logger: Logger
  readonly info: () => WorkerInfo
  readonly durations: DurationSource
  readonly obey: (command: WorkerCommand) => void
}

/** What is taken is either told or put back. */
export interface DurationSource {
  take(): readonly TaskDurations[]
  putBack(lines: readonly TaskDurations[]): void
}

/** Tells monitors that the worker is there and how long its attempts took, and obeys what they broadcast. Its timer keeps the process of a running worker alive. */
export class Announcer {
  #timer: Timer | undefined
  #announcing = false
  #again = false
  #stopped = false

  constructor(private readonly setup: AnnouncerSetup) {}

  /** Announces now, and from then on regularly. */
  announce(): void {
    if (this.#stopped) return
    if (this.#announcing) {
      this.#again = true
      return
    }
    this.#timer?.cancel()
    this.#announcing = true
    void this.#call().finally(() => {
      this.#announcing = false
      if (this.#stopped) return
      const soon = this.#again
      this.#again = false
      if (soon) this.announce()
      else this.#timer = this.setup.timers.after(this.setup.everyMs, () => this.announce(), true)
    })
  }

  /** Says nothing more: monitors forget the worker by themselves. */
  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  /** Forgets the worker. */
  async retire(): Promise<void> {
    this.stop()
    const { timers, consumer, workerId, logger } = this.setup
    const error = await callWithin(timers, RETIRE_MS * 2, async () => {
      await this.#tellDurations(RETIRE_MS)
      await consumer.retire(workerId, { timeoutMs: RETIRE_MS })
    })
    if (error !== undefined)
      logger.debug({ err: error }, 'the worker could not be retired: monitors forget it by themselves')
  }

  async #tellDurations(timeoutMs: number): Promise<void> {
    const { consumer, durations, logger } = this.setup
    const lines = durations.take()
    if (lines.length === 0) return
    try {
      await consumer.countDurations(lines, { timeoutMs })
    } catch (error) {
      durations.putBack(lines)
      logger.debug({ err: error }, 'the durations of attempts could not be told')
    }
  }

  async #call(): Promise<void> {
    try {
      const commands = await this.setup.consumer.announce(this.setup.info(), { timeoutMs: this.setup.everyMs })
      if (this.#stopped) return
      await this.#tellDurations(this.setup.everyMs)
      if (this.#stopped) return
      for (const command of commands) {
        if (command.workers !== undefined && !command.workers.includes(this.setup.workerId)) continue
        if (command.kind === 'ping') this.#again = true
        else this.setup.obey(command)
      }
    } catch (error) {
      this.setup.logger.debug({ err: error }, 'the worker could not be announced')
    }
  }
}
