import { BrokerUnavailableError } from '@millrace/core'

export interface SendBufferLimits {
  /** Jobs that may wait for their call. Default 100,000. More: longer outages are ridden out, more memory. */
  readonly maxJobs: number
  /** Bytes that may wait for their call. Default 64 MiB. */
  readonly maxBytes: number
}

export const SEND_BUFFER_LIMITS: SendBufferLimits = { maxJobs: 100_000, maxBytes: 64 * 1024 * 1024 }

/** How much waits to be sent, over all lanes of a client: a broker that is slow or away must not fill the memory. */
export class SendBuffer {
  readonly #limits: SendBufferLimits
  #jobs = 0
  #bytes = 0

  constructor(limits: SendBufferLimits = SEND_BUFFER_LIMITS) {
    this.#limits = limits
  }

  /** Throws `BrokerUnavailableError` where the jobs do not fit. */
  add(jobs: number, bytes: number): void {
    const { maxJobs, maxBytes } = this.#limits
    if (this.#jobs + jobs > maxJobs || this.#bytes + bytes > maxBytes) {
      throw new BrokerUnavailableError({
        what: `the send buffer of this process is full, ${this.#jobs} jobs (${this.#bytes} bytes) wait to be sent, at most ${maxJobs} jobs and ${maxBytes} bytes may`,
      })
    }
    this.force(jobs, bytes)
  }

  /** Adds what must not be refused: the rest of a call whose first part is already on its way. */
  force(jobs: number, bytes: number): void {
    this.#jobs += jobs
    this.#bytes += bytes
  }

  remove(jobs: number, bytes: number): void {
    this.#jobs -= jobs
    this.#bytes -= bytes
  }
}
