import { type JobHandle, OutcomeUnknownError, type Task } from 'millrace'
import type { Fate, Produced, ProducerLedger } from '../check/producer-ledger.js'
import { pause } from '../run/until.js'

/** What is asked for, until it is acknowledged. */
export interface Order<Input> {
  readonly task: Task<Input, unknown, unknown, unknown>
  readonly inputs: readonly Input[]
  readonly fate?: Fate
  /** The task keeps its token as its output. */
  readonly kept: boolean
}

const RETRY_MS = 50

/** Enqueues as a careful caller does, and puts every answer on record. */
export class Producer {
  /** Longest time that one call took to settle, ms. */
  longestCallMs = 0

  constructor(
    readonly ledger: ProducerLedger,
    private readonly goOn: () => boolean = () => true,
  ) {}

  /** Enqueues all inputs in one call. A call that was refused is made again; one with an unknown outcome is left at that. */
  async enqueue<Input>({ task, inputs, fate = 'succeeds', kept }: Order<Input>): Promise<void> {
    const what: Omit<Produced, 'id'> = { fate, kept }
    while (this.goOn()) {
      const startedAt = performance.now()
      try {
        const handles: JobHandle<unknown>[] = await task.enqueueMany(inputs)
        this.ledger.acknowledge(
          handles.map(({ id }) => id),
          what,
        )
        return
      } catch (error) {
        if (error instanceof OutcomeUnknownError) {
          this.ledger.leaveUnknown(error.ids, what)
          return
        }
        this.ledger.refused += inputs.length
        await pause(RETRY_MS)
      } finally {
        this.longestCallMs = Math.max(this.longestCallMs, performance.now() - startedAt)
      }
    }
  }
}
