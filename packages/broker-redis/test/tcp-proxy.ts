import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer } from 'node:net'

/** What happens on every connection through the proxy. */
export type LinkMode =
  | 'pass'
  /** Requests reach the server, its replies are thrown away. */
  | 'drop-replies'
  /** Nothing passes either way; the sockets stay open. */
  | 'blackhole'

export interface TcpProxy {
  readonly url: string
  mode: LinkMode
  /** The next request that contains `text` is delivered; then its reply is lost and the connection is cut. */
  loseReplyOf(text: string): Promise<void>
  /** The next request that contains `text` is lost with its connection. */
  loseRequestOf(text: string): Promise<void>
  /** Cuts every connection now. */
  cut(): void
  readonly connections: number
  close(): Promise<void>
}

/** A link to a Redis that can be told to misbehave. */
export async function startTcpProxy(targetUrl: string): Promise<TcpProxy> {
  const target = new URL(targetUrl)
  const pairs = new Set<{ client: Socket; upstream: Socket }>()
  let mode: LinkMode = 'pass'
  let total = 0
  let lose: { text: string; what: 'request' | 'reply'; done: () => void } | undefined
  const server = createServer((client) => {
    total++
    const upstream = connect(Number(target.port), target.hostname)
    const pair = { client, upstream }
    pairs.add(pair)
    let losing: (() => void) | undefined
    const end = () => {
      pairs.delete(pair)
      client.destroy()
      upstream.destroy()
    }
    client.on('data', (chunk) => {
      if (lose !== undefined && chunk.includes(lose.text)) {
        const { what, done } = lose
        lose = undefined
        if (what === 'request') {
          done()
          end()
          return
        }
        losing = done
      }
      if (mode !== 'blackhole') upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      if (losing !== undefined) {
        losing()
        end()
        return
      }
      if (mode === 'pass') client.write(chunk)
    })
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true)
      socket.on('error', end)
      socket.on('close', end)
    }
  })
  const loseNext = (what: 'request' | 'reply', text: string) =>
    new Promise<void>((resolve) => {
      lose = { text, what, done: resolve }
    })
  const cut = () => {
    for (const { client, upstream } of pairs) {
      client.destroy()
      upstream.destroy()
    }
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get mode() {
      return mode
    },
    set mode(next: LinkMode) {
      mode = next
    },
    get connections() {
      return total
    },
    loseReplyOf: (text) => loseNext('reply', text),
    loseRequestOf: (text) => loseNext('request', text),
    cut,
    async close() {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
