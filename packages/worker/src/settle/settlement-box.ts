import type { Settlement } from '@millrace/broker'
import { MAX_BATCH_BYTES, MAX_BATCH_JOBS } from '@millrace/core'

/**
 * The verdicts of one seat that the broker has not acknowledged, in order. What is taken is either acknowledged or
 * returned: a verdict never leaves the box unseen.
 */
export class SettlementBox {
  #ready: Settlement[] = []
  #bytes = 0
  #sending = 0

  /** Waiting for the next exchange. */
  get ready(): number {
    return this.#ready.length
  }

  /** Waiting or in flight. */
  get unsettled(): number {
    return this.#ready.length + this.#sending
  }

  add(settlement: Settlement): void {
    this.#ready.push(settlement)
    this.#bytes += bytesOf(settlement)
  }

  /** What one exchange may carry, oldest first. */
  take(): readonly Settlement[] {
    if (this.#ready.length === 0) return NOTHING
    const batch =
      this.#ready.length <= MAX_BATCH_JOBS && this.#bytes <= MAX_BATCH_BYTES ? this.#ready : this.#firstBatch()
    if (batch === this.#ready) {
      this.#ready = []
      this.#bytes = 0
    }
    this.#sending += batch.length
    return batch
  }

  acknowledged(batch: readonly Settlement[]): void {
    this.#sending -= batch.length
  }

  /** Puts a batch back to the front: its exchange failed. */
  returned(batch: readonly Settlement[]): void {
    if (batch.length === 0) return
    this.#sending -= batch.length
    this.#ready = batch.concat(this.#ready)
    for (const settlement of batch) this.#bytes += bytesOf(settlement)
  }

  #firstBatch(): Settlement[] {
    let bytes = 0
    let count = 0
    for (const settlement of this.#ready) {
      const more = bytesOf(settlement)
      if (count > 0 && (count === MAX_BATCH_JOBS || bytes + more > MAX_BATCH_BYTES)) break
      bytes += more
      count += 1
    }
    this.#bytes -= bytes
    return this.#ready.splice(0, count)
  }
}

const NOTHING: readonly Settlement[] = Object.freeze([])

/** UTF-16 units times three bound the UTF-8 bytes from above. Failures are bounded by their record. */
function bytesOf({ verdict }: Settlement): number {
  switch (verdict.kind) {
    case 'succeed':
      return verdict.outputJson === undefined ? 0 : verdict.outputJson.length * 3
    case 'retry':
    case 'fail':
      return 4_096
    case 'release':
    case 'cancel':
      return 0
  }
}
