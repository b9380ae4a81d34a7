import { Hono } from 'hono'
import type { Identity } from '../auth/identity.js'
import { type Permission, ROUTES, type Route, type RouteName } from '../contract/index.js'
import type { ApiCall } from './api-call.js'
import type { ApiContext } from './api-context.js'
import { apiHandlers } from './api-handlers.js'
import { recordAction } from './audit-trail.js'
import { checkRequest, readBody } from './read-request.js'
import { Refusal } from './refusal.js'
import { refusalOf } from './refusal-of.js'

/** Where a request comes from, as the surrounding server tells it. */
export type AddressOf = (request: Request, env: unknown) => string

type Handler = (call: ApiCall<RouteName>) => unknown

/** The routes of the contract. Every request is identified, permitted, checked, carried out and, where it changes something, noted. */
export function apiRouter(context: ApiContext, addressOf: AddressOf): Hono {
  const router = new Hono()
  for (const [name, route] of Object.entries(ROUTES) as [RouteName, Route][]) {
    router.on(route.method, route.path, async (hono) => {
      const request = hono.req.raw
      const raw = { params: hono.req.param() as Record<string, string>, query: hono.req.query() }
      return answer(context, { name, route, request, raw, address: addressOf(request, hono.env) })
    })
  }
  const paths = new Set(Object.values(ROUTES).map(({ path }) => path as string))
  for (const path of paths) {
    router.all(path, () => refuse(new Refusal('method-not-allowed', 'This address takes no such method.')))
  }
  router.all('*', () => refuse(new Refusal('not-found', 'There is nothing at this address of the API.')))
  return router
}

interface Incoming {
  readonly name: RouteName
  readonly route: Route
  readonly request: Request
  readonly address: string
  readonly raw: { readonly params: Record<string, string>; readonly query: Record<string, string> }
}

async function answer(context: ApiContext, incoming: Incoming): Promise<Response> {
  const headers = new Headers()
  const note = { on: '', detail: '', permission: undefined as Permission | undefined }
  let identity: Identity | null = null
  try {
    identity = (await context.authenticator.identify(incoming.request)) ?? null
    const call = await openCall(context, { ...incoming, identity, headers, note })
    const value = await (apiHandlers[incoming.name] as Handler)(call)
    await noteDone(context, incoming, { identity, note, outcome: 'done' })
    if (value instanceof Response) return value
    return Response.json(value, { status: incoming.route.status ?? 200, headers })
  } catch (error) {
    const refusal = refusalOf(error)
    context.failures.tell(refusal, error, incoming.name)
    const outcome = refusal.code === 'forbidden' || refusal.code === 'wrong-credentials' ? 'refused' : 'failed'
    if (worthNoting(refusal)) await noteDone(context, incoming, { identity, note, outcome })
    return refuse(refusal, headers)
  }
}

/** What was never tried leaves no trace: or anybody could fill the log. */
function worthNoting({ code, status }: Refusal): boolean {
  return code === 'forbidden' || code === 'wrong-credentials' || code === 'conflict' || status >= 500
}

interface Opening extends Incoming {
  readonly identity: Identity | null
  readonly headers: Headers
  readonly note: { on: string; detail: string; permission: Permission | undefined }
}

async function openCall(context: ApiContext, opening: Opening): Promise<ApiCall<RouteName>> {
  const { route, request, raw, address, identity, headers, note } = opening
  const need = (permission: Permission) => {
    note.permission = permission
    if (identity === null) throw new Refusal('not-signed-in', 'Sign in first.')
    if (identity.allows(permission)) return
    throw new Refusal('forbidden', `${identity.me.name} may not do this (${permission}): ask an admin.`)
  }
  if (route.permission !== 'open') {
    if (route.permission === 'body') need('read')
    else need(route.permission)
  }
  const body = route.method === 'POST' ? await readBody(request) : undefined
  const checked = checkRequest(route, { ...raw, body })
  return {
    ...checked,
    context,
    request,
    address,
    identity,
    need,
    about: (on: string, detail = '') => {
      note.on = on
      note.detail = detail
    },
    header: (name: string, value: string) => headers.set(name, value),
  } as unknown as ApiCall<RouteName>
}

/** A request that changes something goes into the audit log; what was read before no longer holds. */
async function noteDone(
  context: ApiContext,
  { name, route, address, raw }: Incoming,
  done: {
    readonly identity: Identity | null
    readonly note: Opening['note']
    readonly outcome: 'done' | 'refused' | 'failed'
  },
): Promise<void> {
  const { identity, note, outcome } = done
  if (route.method === 'GET' || name === 'previewOperation') return
  if (outcome === 'done') context.readings.shared.forget()
  const signing = name === 'login' || name === 'logout'
  await recordAction(context, {
    who: name === 'login' ? note.detail : (identity?.me.name ?? 'nobody'),
    role: identity?.me.role ?? null,
    action: signing ? (outcome === 'refused' ? `${name}.refused` : name) : (note.permission ?? name),
    on: note.on === '' ? Object.values(raw.params).join(' ') : note.on,
    from: address,
    outcome,
    detail: signing ? '' : note.detail,
  })
}

export function refuse(refusal: Refusal, headers: Headers = new Headers()): Response {
  return Response.json(refusal.body, { status: refusal.status, headers })
}
