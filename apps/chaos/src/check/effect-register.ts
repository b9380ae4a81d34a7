/** What a handler asks the store outside the queue to do. */
export interface EffectAsked {
  /** What the producer knows the job by. */
  readonly key: string
  readonly jobId: string
  readonly token: string
}

export interface EffectsInStore {
  /** Producer's key → how often its effect was had. */
  readonly had: ReadonlyMap<string, number>
  /** Effects refused because a newer token was there before. */
  readonly stale: number
  /** Effects that a newer execution found done. */
  readonly repeated: number
}

/**
 * A store of users, outside the queue, that is used as the documentation says: it remembers per job the largest token and
 * refuses smaller ones, and has a job's effect once. It knows a job by what the handler was given (id and token); what it
 * counts, by the producer's key: a job that came under two ids would have its effect twice.
 */
export class EffectRegister implements EffectsInStore {
  readonly had = new Map<string, number>()
  stale = 0
  repeated = 0
  readonly #jobs = new Map<string, { token: bigint; done: boolean }>()

  apply({ key, jobId, token: text }: EffectAsked): void {
    const token = BigInt(text)
    const job = this.#jobs.get(jobId)
    if (job !== undefined && token < job.token) {
      this.stale += 1
      return
    }
    if (job?.done) {
      this.repeated += 1
      job.token = token
      return
    }
    this.#jobs.set(jobId, { token, done: true })
    this.had.set(key, (this.had.get(key) ?? 0) + 1)
  }
}
