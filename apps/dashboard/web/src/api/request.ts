import { API_BASE, type ApiError, type ErrorCode } from '@millrace/dashboard/contract'
import { learnServerTime } from '../clock/second-clock.js'
import { BASE_PATH } from './base-path.js'

/** An answer that is no success, or none at all. The message is a sentence for people. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly code: ErrorCode | 'unreachable'

  constructor(code: ErrorCode | 'unreachable', message: string) {
    super(message)
    this.code = code
  }
}

type Query = Readonly<Record<string, string | number | undefined>>

/** Throws `RequestError`. */
export async function get<Answer>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Answer> {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) if (value !== undefined && value !== '') search.set(key, `${value}`)
  const suffix = search.size === 0 ? '' : `?${search}`
  return send<Answer>(`${path}${suffix}`, { signal: signal ?? null })
}

/** Throws `RequestError`. */
export async function post<Answer>(path: string, body: unknown = {}): Promise<Answer> {
  return send<Answer>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

async function send<Answer>(path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(`${BASE_PATH}${API_BASE}${path}`, init).catch((error: unknown) => {
    if (init.signal?.aborted) throw error
    throw new RequestError('unreachable', 'The dashboard’s server does not answer. Is it still running?')
  })
  learnServerTime(response.headers.get('date'))
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok && body !== undefined) return body as Answer
  throw refusal(body as Partial<ApiError> | undefined, response.status)
}

function refusal(body: Partial<ApiError> | undefined, status: number): RequestError {
  const error = body?.error
  if (error === undefined)
    return new RequestError('internal', `The server answered with status ${status} and no reason.`)
  const issues = (error.issues ?? []).map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  return new RequestError(error.code, [error.message, ...issues].join(' '))
}
