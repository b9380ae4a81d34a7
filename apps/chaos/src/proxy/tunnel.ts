import { connect, type Socket } from 'node:net'
import { type RespRequest, RespRequests } from './resp-requests.js'

/** What may flow through a tunnel. Held bytes are late, not lost: the network delivers them when it is whole again. */
export interface Flow {
  readonly requests: boolean
  readonly replies: boolean
  /** Each chunk arrives so much later, ms. */
  readonly delayMs: number
}

export interface TunnelHooks {
  /** Asked for each command before it is delivered: true delivers it and cuts the connection before its reply. Absent: nothing is read. */
  readonly losesReply?: (request: RespRequest) => boolean
  readonly ended: () => void
}

/** One client's connection through the proxy. */
export class Tunnel {
  readonly #client: Socket
  readonly #server: Socket
  readonly #requests = new RespRequests()
  /** What is late, each way. */
  readonly #toServer: (() => void)[] = []
  readonly #toClient: (() => void)[] = []
  #last = ''
  #dead = false
  #cutting = false

  constructor(
    client: Socket,
    port: number,
    private flow: Flow,
    private readonly hooks: TunnelHooks,
  ) {
    this.#client = client
    this.#server = connect({ port, host: '127.0.0.1' })
    for (const socket of [this.#client, this.#server]) {
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
    }
    this.#client.on('data', (chunk: Buffer) => this.#fromClient(chunk))
    this.#server.on('data', (chunk: Buffer) => {
      if (!this.#cutting) this.#later(this.#toClient, () => this.#client.write(chunk))
    })
    this.#client.on('close', () => {
      // A half-open server learns of nothing.
      if (!this.#dead) this.#server.destroy()
      this.hooks.ended()
    })
    this.#server.on('close', () => {
      if (!this.#dead) this.#client.destroy()
    })
    this.change(flow)
  }

  /** Its last command was a blocking pop: this is the connection on which its client waits for work. */
  get blocks(): boolean {
    return this.#last === 'blpop'
  }

  change(flow: Flow): void {
    if (this.#dead) return
    this.flow = flow
    if (flow.requests) this.#client.resume()
    else this.#client.pause()
    if (flow.replies) this.#server.resume()
    else this.#server.pause()
  }

  /** Nothing passes any more, and neither side is told. */
  die(): void {
    this.#dead = true
    this.#client.pause()
    this.#server.pause()
  }

  /** Ends both sides at once, with a reset. */
  cut(): void {
    this.#client.resetAndDestroy()
    this.#server.destroy()
  }

  #fromClient(chunk: Buffer): void {
    const { losesReply } = this.hooks
    const requests = losesReply === undefined ? [] : this.#requests.read(chunk)
    this.#last = requests.at(-1)?.name ?? this.#last
    const loses = requests.some((request) => losesReply?.(request))
    if (!loses) {
      this.#later(this.#toServer, () => this.#server.write(chunk))
      return
    }
    this.#cutting = true
    // `end` delivers what was written before it says so: the command runs, its reply finds nobody.
    this.#server.end(chunk)
    this.#client.destroy()
  }

  /** Late or not, bytes arrive in the order in which they were sent. */
  #later(waiting: (() => void)[], deliver: () => void): void {
    const { delayMs } = this.flow
    if (delayMs === 0 && waiting.length === 0) {
      deliver()
      return
    }
    waiting.push(deliver)
    setTimeout(() => waiting.shift()?.(), delayMs)
  }
}
