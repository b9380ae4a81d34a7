import type { ConsumerPort, TaskDurations, WorkerCommand, WorkerInfo } from '@millrace/broker'
import type { Logger } from '@millrace/core'
import type { Timer, TimerSource } from '../timer-source.js'
import { callWithin } from './call-within.js'

const RETIRE_MS = 2_000
/** Of a worker that does nothing, every so many turns bring an announcement: well before monitors forget it, which they do after 60 s. */
const QUIET_TURNS = 4

export interface AnnouncerSetup {
  readonly consumer: ConsumerPort
  readonly workerId: string
  readonly everyMs: number
  readonly timers: TimerSource
  readonly logger: Logger
  readonly info: () => WorkerInfo
  readonly durations: DurationSource
  /** How many attempts run. */
  readonly running: () => number
  readonly obey: (command: WorkerCommand) => void
}

/** What is taken is either told or put back. */
export interface DurationSource {
  /** Nothing was counted since the last `take`. */
  readonly empty: boolean
  take(): readonly TaskDurations[]
  putBack(lines: readonly TaskDurations[]): void
}

/**
 * Tells monitors that the worker is there and how long its attempts took, and obeys what they broadcast. Where the driver tells of
 * commands, a worker with nothing to say says it less often: thousands of idle ones must not keep the store busy. Its timer keeps the
 * process of a running worker alive.
 */
export class Announcer {
  #timer: Timer | undefined
  #unhear: (() => void) | undefined
  /** Monitors were told that nothing runs. */
  #toldQuiet = false
  #skipped = 0
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
    this.#skipped = 0
    this.#announcing = true
    void this.#call().finally(() => {
      this.#announcing = false
      if (this.#stopped) return
      const soon = this.#again
      this.#again = false
      if (soon) this.announce()
      else this.#announceLater()
    })
  }

  /** Says nothing more: monitors forget the worker by themselves. */
  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
    this.#unhear?.()
  }

  #announceLater(): void {
    this.#timer = this.setup.timers.after(
      this.setup.everyMs,
      () => {
        this.#skipped += 1
        if (this.#isQuiet && this.#skipped < QUIET_TURNS) this.#announceLater()
        else this.announce()
      },
      true,
    )
  }

  get #isQuiet(): boolean {
    const { running, durations } = this.setup
    return this.#unhear !== undefined && this.#toldQuiet && running() === 0 && durations.empty
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
    this.#toldQuiet = false
    try {
      const { consumer, workerId } = this.setup
      this.#unhear ??= consumer.hearCommands?.(workerId, () => this.announce())
      const info = this.setup.info()
      const commands = await consumer.announce(info, { timeoutMs: this.setup.everyMs })
      this.#toldQuiet = info.running === 0
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
