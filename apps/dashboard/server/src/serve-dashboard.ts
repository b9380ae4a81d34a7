import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { InvalidOptionError } from '@millrace/core'
import type { DashboardApp } from './api/api-context.js'
import { isLoopback } from './auth/loopback.js'
import { dashboard } from './dashboard.js'
import { type DashboardOptions, hasCredentials } from './options.js'

export interface ServeOptions extends DashboardOptions {
  readonly app: DashboardApp
  /** 0: a free one. Default 4747. */
  readonly port?: number
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string
}

/** A dashboard with a server of its own. */
export interface ServedDashboard extends AsyncDisposable {
  /** Where it is reached, e.g. `http://127.0.0.1:4747/`. */
  readonly url: string
  readonly port: number
  /** Ends streams and operations, then the server. Does not close the app. Safe to repeat. */
  close(): Promise<void>
}

const DEFAULT_PORT = 4747
const MAX_PORT = 65_535
const HEADERS_MS = 10_000
const REQUEST_MS = 30_000

/**
 * Serves the dashboard. On loopback nobody has to sign in unless there are users, tokens or `authenticate`; elsewhere it rejects with
 * `InvalidOptionError` without them, and for a port that is none. Rejects as `listen` does, e.g. with `EADDRINUSE`.
 */
export async function serveDashboard({
  app,
  port = DEFAULT_PORT,
  host = '127.0.0.1',
  ...options
}: ServeOptions): Promise<ServedDashboard> {
  if (!(Number.isInteger(port) && port >= 0 && port <= MAX_PORT)) {
    throw new InvalidOptionError({
      option: 'port',
      found: port,
      expected: 'a whole number from 0 (a free one) to 65535',
    })
  }
  const open = !hasCredentials(options)
  if (open && !isLoopback(host)) {
    throw new InvalidOptionError({
      option: 'host',
      found: host,
      expected:
        '127.0.0.1, or users in MILLRACE_DASHBOARD_USERS (millrace-dashboard-credential user NAME ROLE makes one): nobody could sign in, and everybody could reach it',
    })
  }
  const handler = dashboard(app, open ? { ...options, login: 'none' } : options)
  const server = createAdaptorServer({
    fetch: (request, env) => handler.fetch(request, env),
    serverOptions: { headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS },
  })
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    await handler.close()
    throw error
  }
  const address = server.address() as AddressInfo
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= (async () => {
      await handler.close()
      const closed = once(server, 'close')
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
    })()
    return closing
  }
  const shown = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  const path = (options.basePath ?? '').replace(/\/+$/, '')
  return { url: `http://${shown}:${address.port}${path}/`, port: address.port, close, [Symbol.asyncDispose]: close }
}
