import { type App, createApp, Fatal } from 'millrace'
import { createWorker } from 'millrace/worker'
import { expect, vi } from 'vitest'
import { API_BASE, ROUTES, type RouteName } from '../src/contract/index.js'
import { type Dashboard, dashboard } from '../src/dashboard.js'
import type { DashboardOptions } from '../src/options.js'

export const ORIGIN = 'http://localhost:4747'

let count = 0

export interface AskInit {
  readonly method?: string
  /** Undefined takes one away that a page would send. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** A string is sent as it is, anything else as JSON. */
  readonly body?: unknown
  readonly origin?: string
}

type AnswerOf<Name extends RouteName> = (typeof ROUTES)[Name]['answer'] extends { parse(value: unknown): infer Value }
  ? Value
  : unknown

/** An app on a memory broker, its dashboard, and one way to ask it. */
export interface Stage extends AsyncDisposable {
  readonly app: App
  readonly board: Dashboard
  /** Sends a request as a page of the dashboard would. A path with a slash before it is one of the API. */
  ask(path: string, init?: AskInit): Promise<Response>
  /** The answer as JSON: a success that fits its route's schema. */
  get<Name extends RouteName>(name: Name, path: string, init?: AskInit): Promise<AnswerOf<Name>>
}

export function openStage(options: DashboardOptions = { login: 'none' }, given?: App): Stage {
  const app = given ?? createApp({ name: `board-${process.pid}-${count++}`, broker: 'memory://' })
  const board = dashboard(app, options)
  const ask = (path: string, init: AskInit = {}) => {
    const { method = init.body === undefined ? 'GET' : 'POST', origin = ORIGIN } = init
    const headers = new Headers({ 'sec-fetch-site': 'same-origin' })
    if (init.body !== undefined) headers.set('content-type', 'application/json')
    for (const [name, value] of Object.entries(init.headers ?? {})) {
      if (value === undefined) headers.delete(name)
      else headers.set(name, value)
    }
    const body = init.body === undefined ? null : typeof init.body === 'string' ? init.body : JSON.stringify(init.body)
    const url = path.startsWith('/') ? `${origin}${API_BASE}${path}` : `${origin}/${path}`
    return board.fetch(new Request(url, { method, headers, body }))
  }
  return {
    app,
    board,
    ask,
    get: async (name, path, init) => {
      const response = await ask(path, init)
      const value: unknown = await response.json()
      expect([response.status < 300, value]).toEqual([true, value])
      const { answer } = ROUTES[name]
      return (typeof answer === 'string' ? value : answer.parse(value)) as AnswerOf<typeof name>
    },
    [Symbol.asyncDispose]: async () => {
      await board.close()
      if (given === undefined) await app.close()
    },
  }
}

export interface Play {
  readonly id: string
  readonly how: 'fail' | 'retry' | 'succeed'
  readonly message?: string
  readonly input?: Readonly<Record<string, unknown>>
}

/** Runs jobs of task `act` on queue `plays` that end as they are told to, until each has had its attempt. */
export async function play(app: App, plays: readonly Play[]): Promise<void> {
  const known = app.taskNamed('act')
  const act =
    known ??
    app.task(
      'act',
      { queue: 'plays', retry: { attempts: 4, backoff: { kind: 'fixed', delay: '1h' } }, results: { keep: '1h' } },
      (input: unknown) => {
        const { how, message = 'spoiled' } = input as Play
        if (how === 'fail') throw new Fatal(message)
        if (how === 'retry') throw new TypeError(message)
        return { secret: 'output' }
      },
    )
  for (const { id, how, message, input } of plays) {
    await act.enqueue({ ...input, how, ...(message !== undefined && { message }) }, { id })
  }
  await using worker = createWorker(app, { queues: ['plays'], dispatcher: false })
  await worker.start()
  await vi.waitFor(
    async () => {
      const [queue] = (await app.monitor.queues()).filter((each) => each.queue === 'plays')
      expect([queue?.ready, queue?.running]).toEqual([0, 0])
    },
    { timeout: 20_000, interval: 10 },
  )
  await worker.stop()
}
