import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CliError, UsageError } from '../cli-error.js'

/** Answers probes: `/healthz` (the process answers) and `/readyz` (it does its work). */
export interface HealthServer {
  readonly port: number
  close(): Promise<void>
}

export interface Readiness {
  readonly ready: boolean
}

/**
 * `where`: a port, or host:port. Without a host it listens on every address, as probes of an orchestrator come from
 * outside; it tells nothing but states. 0 takes a free port. Throws `UsageError` for what is no port, `CliError` for one
 * that is taken.
 */
export async function startHealthServer(where: string, read: () => Readiness): Promise<HealthServer> {
  const { host, port } = parseAddress(where)
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/\?.*$/, '')
    if (path === '/healthz') answer(response, 200, { alive: true })
    else if (path === '/readyz') {
      const readiness = read()
      answer(response, readiness.ready ? 200 : 503, readiness)
    } else answer(response, 404, { error: 'there are /healthz and /readyz' })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(refused(error, where)))
    server.listen({ port, ...(host !== undefined && { host }) }, () => resolve())
  })
  // The command ends when its work ends.
  server.unref()
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(`${JSON.stringify(body)}\n`)
}

function parseAddress(where: string): { host: string | undefined; port: number } {
  const [, host, digits] = /^(?:(.+):)?(\d{1,5})$/.exec(where) ?? []
  const port = Number(digits)
  if (digits !== undefined && port <= 65_535) return { host: host?.replace(/^\[(.*)\]$/, '$1'), port }
  throw new UsageError(`Invalid option --health-port: found "${where}", expected a port or host:port, e.g. 8080.`)
}

function refused(error: NodeJS.ErrnoException, where: string): CliError {
  const why =
    error.code === 'EADDRINUSE'
      ? `${where} is taken: give another --health-port, or stop the process that listens there`
      : error.code === 'EACCES'
        ? `this user may not listen on ${where}: give a --health-port above 1023`
        : `nothing can listen on ${where} (${error.code ?? error.message}): correct --health-port`
  return new CliError(`${why}.`, { cause: error })
}
