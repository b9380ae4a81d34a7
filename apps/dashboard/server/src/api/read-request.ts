import type { z } from 'zod'
import type { Route } from '../contract/index.js'
import { Refusal } from './refusal.js'

const MAX_BODY_BYTES = 1_000_000

/** The body of a request as JSON. Throws `Refusal` for what is no JSON, or too large. */
export async function readBody(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new Refusal('not-json', 'The body has to be JSON: send Content-Type: application/json.')
  }
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw tooLarge()
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = request.body?.getReader()
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { value: undefined, done: true }
    if (done || value === undefined) break
    size += value.byteLength
    if (size > MAX_BODY_BYTES) {
      await reader?.cancel()
      throw tooLarge()
    }
    chunks.push(value)
  }
  const text = Buffer.concat(chunks).toString('utf8')
  try {
    return text === '' ? {} : (JSON.parse(text) as unknown)
  } catch {
    throw new Refusal('invalid-request', 'The body is no JSON.', { issues: [{ path: 'body', message: 'no JSON' }] })
  }
}

export interface RawRequest {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
}

/** What a route's schemas make of a request. Throws `Refusal` with every issue. */
export function checkRequest(route: Route, raw: RawRequest): RawRequest {
  const issues: { path: string; message: string }[] = []
  const check = <Value>(schema: z.ZodType | undefined, value: Value, where: string): Value => {
    if (schema === undefined) return value
    const result = schema.safeParse(value)
    if (result.success) return result.data as Value
    for (const { path, message } of result.error.issues.slice(0, 20)) {
      issues.push({ path: [where, ...path].join('.').slice(0, 200), message: message.slice(0, 300) })
    }
    return value
  }
  const checked = {
    params: check(route.params, raw.params, 'path'),
    query: check(route.query, raw.query, 'query'),
    body: check(route.body, raw.body, 'body'),
  }
  const [first] = issues
  if (first === undefined) return checked
  throw new Refusal('invalid-request', `The request does not fit: ${first.path}: ${first.message}.`, { issues })
}

function tooLarge(): Refusal {
  return new Refusal('too-large', `The body is larger than ${MAX_BODY_BYTES} bytes.`)
}
