import { createServer, type Server, type Socket } from 'node:net'
import type { RespRequest } from './resp-requests.js'
import { type Flow, Tunnel } from './tunnel.js'

const PASS: Flow = { requests: true, replies: true, delayMs: 0 }

/** A link to a Redis that can be made worse. New connections meet the present state of the link. */
export class TcpProxy {
  readonly #server: Server
  readonly #tunnels = new Set<Tunnel>()
  #flow = PASS
  #refusing = false
  #losesReply: (request: RespRequest) => boolean = () => false
  readonly #speaks: 'resp' | 'opaque'

  private constructor(
    server: Server,
    readonly port: number,
    private target: number,
    speaks: 'resp' | 'opaque',
  ) {
    this.#server = server
    this.#speaks = speaks
    server.on('connection', (socket) => this.#accept(socket))
  }

  /** Listens on a free loopback port, for a server on another. What is said through an opaque one is not read: `loseReplies` has no effect. */
  static async listen(target: number, speaks: 'resp' | 'opaque' = 'resp'): Promise<TcpProxy> {
    const server = createServer({ noDelay: true })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', resolve)
    })
    const address = server.address()
    if (address === null || typeof address !== 'object') throw new Error('the proxy got no port')
    return new TcpProxy(server, address.port, target, speaks)
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  get connections(): number {
    return this.#tunnels.size
  }

  /** As if nothing were between the two. */
  pass(): void {
    this.#refusing = false
    this.#change(PASS)
  }

  delay(delayMs: number): void {
    this.#change({ ...PASS, delayMs })
  }

  /** Nothing arrives, in the given direction, until `pass`. No connection ends by it. */
  blackhole(direction: 'both' | 'requests' | 'replies' = 'both'): void {
    this.#change({ requests: direction === 'replies', replies: direction === 'requests', delayMs: 0 })
  }

  /** Resets what is there and whatever comes, until `pass`. */
  refuse(): void {
    this.#refusing = true
    this.cut()
  }

  /** New connections lead to another port: what a failover does to an address. */
  retarget(port: number): void {
    this.target = port
  }

  /** Resets the connections that are there. */
  cut(): void {
    for (const tunnel of this.#tunnels) tunnel.cut()
  }

  /** The connections that are there, or those that block on a list, go silent for ever, without an end; new ones pass. */
  halfOpen(which: 'all' | 'blocking' = 'all'): void {
    for (const tunnel of this.#tunnels) if (which === 'all' || tunnel.blocks) tunnel.die()
  }

  /** A command for which `when` says true is delivered, and its connection is cut before the reply. */
  loseReplies(when: (request: RespRequest) => boolean): void {
    this.#losesReply = when
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #change(flow: Flow): void {
    this.#flow = flow
    for (const tunnel of this.#tunnels) tunnel.change(flow)
  }

  #accept(socket: Socket): void {
    if (this.#refusing) {
      socket.on('error', () => undefined)
      socket.resetAndDestroy()
      return
    }
    const tunnel = new Tunnel(socket, this.target, this.#flow, {
      ...(this.#speaks === 'resp' && { losesReply: (request: RespRequest) => this.#losesReply(request) }),
      ended: () => this.#tunnels.delete(tunnel),
    })
    this.#tunnels.add(tunnel)
  }
}
