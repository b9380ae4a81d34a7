import type { Redis } from 'ioredis'
import { dropClient, openClient } from './open-client.js'
import { addressName, type RedisAddress } from './redis-address.js'

/** So many unanswered calls in a row mean a dead socket: the client is replaced, since ioredis may wait on it for ever. */
const STRIKES = 2

/** One of the independent servers. Every call ends by its deadline, whatever the server does. */
export class RedisNode {
  readonly name: string
  readonly #address: RedisAddress
  #client: Redis | undefined
  #strikes = 0
  #closed = false
  #lastError: Error | undefined

  constructor(address: RedisAddress) {
    this.#address = address
    this.name = addressName(address)
  }

  /** Sends one command. Rejects after `timeoutMs`, or sooner when the server is unreachable or refuses. */
  run<T>(send: (client: Redis) => Promise<T>, timeoutMs: number): Promise<T> {
    if (this.#closed) return Promise.reject(this.#unavailable(new Error('closed')))
    const client = this.#open()
    return new Promise<T>((resolve, reject) => {
      let over = false
      const timer = setTimeout(() => {
        over = true
        this.#strike(client)
        reject(this.#unavailable(new Error(`no answer within ${Math.round(timeoutMs)} ms`)))
      }, timeoutMs)
      const settle = (finish: () => void): void => {
        if (over) return
        over = true
        clearTimeout(timer)
        finish()
      }
      ready(client)
        .then(() => {
          // Too late to be sent: the caller has already counted this server as silent.
          if (over) throw new Error('too late')
          return send(client)
        })
        .then(
          (answer) => {
            this.#strikes = 0
            settle(() => resolve(answer))
          },
          (error: unknown) => settle(() => reject(this.#unavailable(this.#lastError ?? error))),
        )
    })
  }

  close(): void {
    this.#closed = true
    if (this.#client !== undefined) dropClient(this.#client)
    this.#client = undefined
  }

  #open(): Redis {
    if (this.#client !== undefined && this.#client.status !== 'end') return this.#client
    const client = openClient(this.#address, (error) => {
      this.#lastError = error
    })
    client.on('ready', () => {
      this.#lastError = undefined
    })
    this.#client = client
    this.#strikes = 0
    return client
  }

  #strike(client: Redis): void {
    if (client !== this.#client) return
    this.#strikes += 1
    if (this.#strikes < STRIKES) return
    dropClient(client)
    this.#client = undefined
  }

  #unavailable(cause: unknown): Error {
    return new Error(`${this.name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** Resolves when the client can send; rejects at once while it is between two connects. */
function ready(client: Redis): Promise<void> {
  if (client.status === 'ready') return Promise.resolve()
  if (client.status === 'wait') client.connect().catch(() => {})
  else if (client.status === 'reconnecting' || client.status === 'close' || client.status === 'end') {
    return Promise.reject(new Error('not connected'))
  }
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => (): void => {
      client.off('ready', onReady)
      client.off('close', onClose)
      finish()
    }
    const onReady = settle(resolve)
    const onClose = settle(() => reject(new Error('the connection was closed')))
    client.on('ready', onReady)
    client.on('close', onClose)
  })
}
