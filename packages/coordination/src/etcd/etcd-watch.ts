import { pause } from '../campaign/pause.js'
import type { ReleaseBell } from '../campaign/release-bell.js'
import type { EtcdClient } from './etcd-client.js'

const FIRST_RETRY_MS = 100
const MOST_RETRY_MS = 5_000

/** Rings when a key goes away: given back, or run out with its lease. Listens again when its stream breaks. */
export class EtcdWatch {
  readonly bells = new Set<ReleaseBell>()
  readonly #stop = new AbortController()

  constructor(client: EtcdClient, key: string) {
    void this.#run(client, key)
  }

  end(): void {
    this.#stop.abort()
  }

  async #run(client: EtcdClient, key: string): Promise<void> {
    const { signal } = this.#stop
    const body = { create_request: { key, filters: ['NOPUT'] } }
    let waitMs = FIRST_RETRY_MS
    while (!signal.aborted) {
      const onMessage = (message: unknown): void => {
        const { result } = message as { result?: { created?: boolean; events?: readonly unknown[] } }
        // From `created` on nothing is missed; what went away before is found by another try.
        if (result?.created !== true && (result?.events?.length ?? 0) === 0) return
        waitMs = FIRST_RETRY_MS
        for (const bell of this.bells) bell.ring()
      }
      await client.listen('/v3/watch', body, { signal, onMessage }).catch(() => undefined)
      // Polls make up for what is missed meanwhile.
      await pause(waitMs, signal)
      waitMs = Math.min(waitMs * 2, MOST_RETRY_MS)
    }
  }
}
