import { OutcomeUnknownError, type Task } from 'millrace'
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

/** A call, and what is put on record of the jobs that it makes. */
export interface ProducerCall {
  readonly what: Omit<Produced, 'id' | 'at'>
  /** Keys of jobs whose ids the call does not tell: those of a workflow before its last. */
  readonly keys?: readonly string[]
  /** How many jobs it makes. */
  readonly jobs: number
  make(): Promise<readonly { readonly id: string }[]>
}

const RETRY_MS = 50

/** Enqueues as a careful caller does, and puts every answer on record. */
export class Producer {
  /** Longest time that one call took to settle, ms. */
  longestCallMs = 0
  #numbers = 0

  constructor(
    readonly ledger: ProducerLedger,
    private readonly goOn: () => boolean = () => true,
  ) {}

  /** A number that no other call of this run has got. */
  nextNumber(): number {
    this.#numbers += 1
    return this.#numbers
  }

  /** Enqueues all inputs in one call. */
  enqueue<Input>({ task, inputs, fate = 'succeeds', kept }: Order<Input>): Promise<void> {
    return this.call({ what: { fate, kept }, jobs: inputs.length, make: () => task.enqueueMany(inputs) })
  }

  /** A call that was refused is made again; one with an unknown outcome is left at that. */
  async call({ what, keys = [], jobs, make }: ProducerCall): Promise<void> {
    while (this.goOn()) {
      const startedAt = performance.now()
      try {
        const handles = await make()
        const ids = handles.map(({ id }) => id)
        this.ledger.acknowledge(ids, what)
        this.ledger.expectKeys(keys, 'certain')
        return
      } catch (error) {
        if (error instanceof OutcomeUnknownError) {
          this.ledger.leaveUnknown(error.ids, what)
          this.ledger.expectKeys(keys, 'unknown')
          return
        }
        this.ledger.refused += jobs
        this.ledger.lastRefusal = error
        await pause(RETRY_MS)
      } finally {
        this.longestCallMs = Math.max(this.longestCallMs, performance.now() - startedAt)
      }
    }
  }
}
