import type { EventName, LiveEvent, Operation } from '../contract/index.js'

const HEARTBEAT_MS = 15_000
/** Operations whose latest state waits for a slow reader. */
const MAX_OPERATIONS = 100

const encoder = new TextEncoder()

/**
 * One open event stream. A reader that is slower than the events gets the latest state of each thing, never a backlog: what waits for
 * it is bounded.
 */
export class Viewer {
  readonly stream: ReadableStream<Uint8Array>
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  /** What is said before anything else. */
  #first: string
  #live: LiveEvent | undefined
  readonly #operations = new Map<string, Operation>()
  #lost = false
  readonly #heartbeat: NodeJS.Timeout
  #closed = false

  constructor(
    hello: unknown,
    private readonly left: () => void,
  ) {
    this.#first = frame('hello', hello)
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller
        },
        pull: () => this.#flush(),
        cancel: () => this.close(),
      },
      { highWaterMark: 1 },
    )
    this.#heartbeat = setInterval(() => this.#write(': still here\n\n'), HEARTBEAT_MS)
    this.#heartbeat.unref()
  }

  live(event: LiveEvent): void {
    const topics = new Set([...(this.#live?.topics ?? []), ...event.topics])
    this.#live = { ...event, topics: [...topics] }
    this.#lost = false
    this.#flush()
  }

  operation(operation: Operation): void {
    const known = this.#operations.has(operation.id)
    if (known || this.#operations.size < MAX_OPERATIONS) this.#operations.set(operation.id, operation)
    this.#flush()
  }

  brokerLost(): void {
    this.#lost = true
    this.#flush()
  }

  /** The sign-in is over: says so and ends. */
  signedOut(): void {
    if (!this.#closed) this.#controller?.enqueue(encoder.encode(frame('signed-out', {})))
    this.close()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#heartbeat)
    try {
      this.#controller?.close()
    } catch {
      // Its reader has cancelled it.
    }
    this.left()
  }

  /** Sends what waits, once the reader has room. */
  #flush(): void {
    if (!this.#hasRoom()) return
    let text = this.#first
    for (const operation of this.#operations.values()) text += frame('operation', operation)
    if (this.#live !== undefined) text += frame('live', this.#live)
    if (this.#lost) text += frame('broker-lost', {})
    this.#first = ''
    this.#operations.clear()
    this.#live = undefined
    this.#lost = false
    if (text !== '') this.#write(text)
  }

  #write(text: string): void {
    if (this.#hasRoom()) this.#controller?.enqueue(encoder.encode(text))
  }

  #hasRoom(): boolean {
    return !this.#closed && (this.#controller?.desiredSize ?? 0) > 0
  }
}

function frame(name: EventName, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
