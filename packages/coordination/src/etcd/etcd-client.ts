import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { EtcdAddress } from './etcd-address.js'

/** gRPC's code for a missing or outdated login. */
const UNAUTHENTICATED = 16
const MAX_LINE = 1_000_000

interface Refusal {
  readonly error?: unknown
  readonly message?: string
  readonly code?: number
}

/** What etcd itself refused: it was reached, and did nothing. */
export class EtcdRefusal extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.name = 'EtcdRefusal'
    this.code = code
  }
}

/**
 * Calls to an etcd cluster through its JSON gateway, which every member serves on its client port. Each call ends by its deadline,
 * whatever the servers do; a member that does not answer costs its share of that, then the next one is asked.
 */
export class EtcdClient {
  readonly #address: EtcdAddress
  readonly #agent: HttpAgent
  /** The member that answered last. */
  #preferred = 0
  #login: Promise<string> | undefined
  #closed = false

  constructor(address: EtcdAddress) {
    this.#address = address
    const secure = address.endpoints[0]?.startsWith('https:') === true
    this.#agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  }

  get name(): string {
    return this.#address.endpoints.map((endpoint) => new URL(endpoint).host).join(', ')
  }

  /** The first (usually only) message of the answer. Rejects with `EtcdRefusal`, or with what went wrong on the last member. */
  async call(path: string, body: object, timeoutMs: number): Promise<Record<string, unknown>> {
    const deadline = performance.now() + timeoutMs
    const { endpoints } = this.#address
    let cause: unknown
    for (let tried = 0; tried < endpoints.length; tried++) {
      const left = deadline - performance.now()
      if (left <= 0) break
      const member = this.#preferred % endpoints.length
      try {
        return await this.#ask(member, { path, body }, left / (endpoints.length - tried))
      } catch (error) {
        if (error instanceof EtcdRefusal || this.#closed) throw error
        cause = error
        // Another call may have moved on already.
        if (this.#preferred % endpoints.length === member) this.#preferred = (member + 1) % endpoints.length
      }
    }
    throw cause ?? new Error(`no answer within ${Math.round(timeoutMs)} ms`)
  }

  /** Hears every message of a stream until `signal` aborts or the stream ends; rejects when it breaks. */
  async listen(
    path: string,
    body: object,
    options: { signal: AbortSignal; onMessage(message: unknown): void },
  ): Promise<void> {
    const member = this.#preferred % this.#address.endpoints.length
    const headers = await this.#headers(member, 5_000)
    const answer = await this.#post(member, { path, body, headers, signal: options.signal })
    for await (const message of messagesOf(answer)) options.onMessage(message)
  }

  close(): void {
    this.#closed = true
    this.#agent.destroy()
  }

  async #ask(
    member: number,
    { path, body }: { path: string; body: object },
    timeoutMs: number,
  ): Promise<Record<string, unknown>> {
    if (this.#closed) throw new Error('closed')
    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(new Error(`no answer within ${Math.round(timeoutMs)} ms`)), timeoutMs)
    try {
      for (let attempt = 0; ; attempt++) {
        try {
          const headers = await this.#headers(member, timeoutMs)
          return await this.#first(await this.#post(member, { path, body, headers, signal: stop.signal }))
        } catch (error) {
          if (attempt > 0 || !(error instanceof EtcdRefusal) || error.code !== UNAUTHENTICATED) throw error
          this.#login = undefined
        }
      }
    } catch (error) {
      if (error instanceof EtcdRefusal) throw error
      const reason: unknown = stop.signal.aborted ? stop.signal.reason : error
      const host = new URL(this.#address.endpoints[member] as string).host
      throw new Error(`${host}: ${reason instanceof Error ? reason.message : String(reason)}`, { cause: reason })
    } finally {
      clearTimeout(timer)
    }
  }

  async #first(answer: IncomingMessage): Promise<Record<string, unknown>> {
    for await (const message of messagesOf(answer)) {
      // A stream's messages are wrapped; its end is not waited for.
      return (message.result ?? message) as Record<string, unknown>
    }
    throw new Error('an empty answer')
  }

  async #headers(member: number, timeoutMs: number): Promise<Record<string, string>> {
    const { user } = this.#address
    if (user === undefined) return {}
    this.#login ??= this.#logIn(member, { user, timeoutMs }).catch((error: unknown) => {
      this.#login = undefined
      throw error
    })
    return { Authorization: await this.#login }
  }

  async #logIn(
    member: number,
    { user, timeoutMs }: { user: NonNullable<EtcdAddress['user']>; timeoutMs: number },
  ): Promise<string> {
    const signal = AbortSignal.timeout(timeoutMs)
    const answer = await this.#post(member, { path: '/v3/auth/authenticate', body: user, headers: {}, signal })
    return String((await this.#first(answer)).token)
  }

  #post(
    member: number,
    call: { path: string; body: object; headers: Record<string, string>; signal: AbortSignal },
  ): Promise<IncomingMessage> {
    const url = new URL(call.path, this.#address.endpoints[member])
    const text = JSON.stringify(call.body)
    const headers = {
      ...call.headers,
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(text)),
    }
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    return new Promise((resolve, reject) => {
      const sent = send(url, { method: 'POST', agent: this.#agent, headers, signal: call.signal }, resolve)
      sent.once('error', reject)
      sent.end(text)
    })
  }
}

/** One JSON text per line. Throws `EtcdRefusal` for an error, also for one in the middle of a stream. */
async function* messagesOf(answer: IncomingMessage): AsyncGenerator<Record<string, unknown>> {
  let rest = ''
  answer.setEncoding('utf8')
  try {
    for await (const chunk of answer) {
      rest += String(chunk)
      if (rest.length > MAX_LINE) throw new Error('an answer without an end')
      const lines = rest.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line !== '') yield checked(line)
    }
    if (rest.trim() !== '') yield checked(rest)
  } finally {
    answer.destroy()
  }
}

function checked(line: string): Record<string, unknown> {
  const message = JSON.parse(line) as Record<string, unknown> & Refusal
  const refusal = message.error
  if (refusal === undefined) return message
  const inner: Refusal = typeof refusal === 'object' && refusal !== null ? refusal : message
  const text = inner.message ?? (typeof refusal === 'string' ? refusal : JSON.stringify(refusal))
  throw new EtcdRefusal(Number(inner.code ?? -1), text)
}
