import { Redis } from 'ioredis'
import type { TermReading } from '../check/app-reading.js'
import { termKey } from '../check/store-keys.js'

const EVERY_MS = 100

/** Reads again and again who leads, so that an epoch that changes hands is seen. Gaps while Redis is away are fine. */
export class EpochWatch {
  readonly #seen = new Map<string, TermReading>()
  readonly #timer: NodeJS.Timeout
  #client: Redis | undefined

  constructor(
    private readonly url: () => string,
    private readonly app: string,
  ) {
    this.#timer = setInterval(() => void this.#look(), EVERY_MS)
  }

  get seen(): readonly TermReading[] {
    return [...this.#seen.values()]
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#client?.disconnect()
  }

  async #look(): Promise<void> {
    if (this.#client?.status === 'end') this.#client = undefined
    if (this.#client === undefined) {
      this.#client = new Redis(this.url(), { retryStrategy: () => null, maxRetriesPerRequest: 0 })
      this.#client.on('error', () => undefined)
    }
    const client = this.#client
    const term = await client.hgetall(termKey(this.app)).catch(() => ({}) as Record<string, string>)
    const { epoch, leader = '' } = term
    if (epoch !== undefined) this.#seen.set(`${epoch} ${leader}`, { epoch: BigInt(epoch), leader })
  }
}
