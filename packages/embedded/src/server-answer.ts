import { connect } from 'node:net'

/** What a Redis on loopback said to `PING` and `INFO server`. */
export interface ServerAnswer {
  /** False while it still loads its data. */
  readonly ready: boolean
  /** Undefined when the server does not tell. */
  readonly pid: number | undefined
}

/** Asks once; `undefined` when nobody answers within `timeoutMs`. Never rejects. */
export function askServer(port: number, timeoutMs = 1000): Promise<ServerAnswer | undefined> {
  return new Promise((resolve) => {
    let heard = ''
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const finish = (answer: ServerAnswer | undefined): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(() => finish(undefined), timeoutMs)
    socket.once('error', () => finish(undefined))
    socket.once('close', () => finish(undefined))
    socket.once('connect', () => socket.write('PING\r\nINFO server\r\nPING\r\n'))
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      heard += chunk
      // The second PING's reply ends the conversation: +PONG, or -LOADING while it loads.
      if (!/\r\n(\+PONG|-[^\r]*)\r\n$/.test(heard)) return
      const pid = /process_id:(\d+)/.exec(heard)?.[1]
      finish({ ready: heard.startsWith('+PONG'), pid: pid === undefined ? undefined : Number(pid) })
    })
  })
}
