import { connect, type Socket } from 'node:net'

/**
 * A connection that asks one inline command at a time. Just enough protocol to configure and save the embedded server
 * from inside its own process: simple strings, errors and one bulk string per reply.
 */
export class InlineConnection {
  readonly #socket: Socket
  #heard = ''
  #previous: Promise<unknown> = Promise.resolve()
  #waiting: { resolve(reply: string): void; reject(error: Error): void } | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => this.#take(chunk))
    socket.on('error', (error) => this.#waiting?.reject(error))
    socket.on('close', () => this.#waiting?.reject(new Error('the connection closed')))
  }

  static open(port: number): Promise<InlineConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true })
      socket.once('error', reject)
      socket.once('connect', () => resolve(new InlineConnection(socket)))
    })
  }

  /** One at a time: overlapping calls stand in line. Rejects with the server's error reply. */
  ask(command: string): Promise<string> {
    const reply = this.#previous.then(
      () =>
        new Promise<string>((resolve, reject) => {
          this.#waiting = { resolve, reject }
          this.#socket.write(`${command}\r\n`)
        }),
    )
    this.#previous = reply.catch(() => undefined)
    return reply
  }

  #take(chunk: string): void {
    this.#heard += chunk
    const reply = completeReply(this.#heard)
    if (reply === undefined) return
    this.#heard = ''
    if (reply.startsWith('-')) this.#waiting?.reject(new Error(reply.slice(1)))
    else this.#waiting?.resolve(reply)
  }
}

function completeReply(heard: string): string | undefined {
  const end = heard.indexOf('\r\n')
  if (end < 0) return undefined
  const line = heard.slice(0, end)
  if (!line.startsWith('$')) return line
  const length = Number(line.slice(1))
  const body = heard.slice(end + 2)
  return body.length >= length + 2 ? body.slice(0, length) : undefined
}
