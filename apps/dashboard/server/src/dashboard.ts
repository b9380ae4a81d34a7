import { createSignIns } from '@millrace/monitor'
import { Hono } from 'hono'
import type { ApiContext, DashboardApp } from './api/api-context.js'
import { apiRouter, refuse } from './api/api-router.js'
import { FailureLog } from './api/failure-log.js'
import { Refusal } from './api/refusal.js'
import { refusalOf } from './api/refusal-of.js'
import { Authenticator } from './auth/authenticator.js'
import { crossSite } from './auth/check-origin.js'
import { notFromHere } from './auth/loopback.js'
import { API_BASE } from './contract/index.js'
import { QueueRates } from './live/queue-rates.js'
import { StoreReadings } from './live/store-readings.js'
import { Watch } from './live/watch.js'
import { Metrics } from './metrics/metrics.js'
import { Operations } from './operations/operations.js'
import { type DashboardOptions, type ResolvedDashboardOptions, resolveDashboardOptions } from './options.js'
import { PageFiles } from './pages/page-files.js'
import { secured } from './security-headers.js'

/** A Web-standard handler: mounts in any server that speaks `Request` and `Response`. */
export interface Dashboard {
  /** Never rejects. `env`: what @hono/node-server passes; it knows the client's address. */
  fetch(request: Request, env?: unknown): Promise<Response>
  /** Ends event streams and operations. Does not close the app. Safe to repeat. */
  close(): Promise<void>
}

/**
 * The dashboard of an app: pages, API, metrics, health. Throws `InvalidOptionError`, also where nobody could sign in and
 * `login: 'none'` is not given.
 */
export function dashboard(app: DashboardApp, options?: DashboardOptions): Dashboard {
  const resolved = resolveDashboardOptions(options)
  const context = openContext(app, resolved)
  const metrics = new Metrics(context)
  const router = route(context, resolved, metrics)
  return {
    fetch: async (request, env) => {
      const started = performance.now()
      let response: Response
      try {
        response = await router.fetch(request, env as object)
      } catch (error) {
        response = refuse(refusalOf(error))
      }
      const { pathname } = new URL(request.url)
      const kind = pathname.startsWith(`${resolved.basePath}${API_BASE}/`)
        ? 'api'
        : pathname.endsWith('/metrics')
          ? 'metrics'
          : 'pages'
      metrics.answered(kind, response.status, performance.now() - started)
      return secured(response)
    },
    close: async () => {
      context.watch.close()
      await context.operations.close()
    },
  }
}

function openContext(app: DashboardApp, { auth, clock, everyMs, redaction }: ResolvedDashboardOptions): ApiContext {
  const readings = new StoreReadings(app.monitor, clock)
  const rates = new QueueRates()
  const watch = new Watch({ readings, rates, clock, everyMs })
  const operations = new Operations({
    clock,
    logger: app.logger,
    changed: (operation) => {
      readings.shared.forget()
      watch.operation(operation)
    },
  })
  return {
    app,
    authenticator: new Authenticator(auth, {
      clock,
      signIns: createSignIns({ app: app.name, broker: () => app.broker() }),
    }),
    readings,
    rates,
    watch,
    operations,
    redaction,
    clock,
    failures: new FailureLog(app.logger, clock),
  }
}

function route(context: ApiContext, options: ResolvedDashboardOptions, metrics: Metrics): Hono {
  const { basePath, auth, publicUrl, clientAddress } = options
  const pages = new PageFiles(basePath)
  const router = new Hono({ strict: false }).basePath(basePath === '' ? '/' : basePath)
  router.get('/healthz', () => Response.json({ ok: true }))
  router.get('/readyz', async () => {
    try {
      await context.readings.queues()
      return Response.json({ ok: true })
    } catch (error) {
      return refuse(refusalOf(error))
    }
  })
  router.use('*', async (hono, next) => {
    const request = hono.req.raw
    const elsewhere = auth.kind === 'none' ? notFromHere(request) : undefined
    if (elsewhere !== undefined) return refuse(new Refusal('forbidden', elsewhere))
    await next()
    return undefined
  })
  router.use(`${API_BASE}/*`, async (hono, next) => {
    const problem = crossSite(hono.req.raw, { publicUrl })
    if (problem !== undefined) return refuse(new Refusal('cross-site', problem))
    await next()
    return undefined
  })
  router.route(
    API_BASE,
    apiRouter(context, (request, env) => clientAddress?.(request) ?? addressIn(env)),
  )
  router.get('/metrics', async (hono) => {
    const identity = await context.authenticator.identify(hono.req.raw)
    if (identity?.allows('read') !== true)
      return refuse(new Refusal('not-signed-in', 'Send an API token: Authorization: Bearer …'))
    try {
      return new Response(await metrics.text(), { headers: { 'content-type': metrics.contentType } })
    } catch (error) {
      return refuse(refusalOf(error))
    }
  })
  router.get('*', (hono) => {
    const path = new URL(hono.req.url).pathname.slice(basePath.length)
    return pages.answer(hono.req.raw, path === '' || path === '/' ? '/index.html' : path) ?? notThere()
  })
  router.all('*', notThere)
  router.onError((error) => refuse(refusalOf(error)))
  return router
}

function notThere(): Response {
  return refuse(new Refusal('not-found', 'There is nothing at this address.'))
}

/** Of the connection, as @hono/node-server tells it. */
function addressIn(env: unknown): string {
  const socket = (env as { incoming?: { socket?: { remoteAddress?: unknown } } } | undefined)?.incoming?.socket
  return typeof socket?.remoteAddress === 'string' ? socket.remoteAddress : 'unknown'
}
