import { faultyBroker } from '@millrace/broker/faulty'
import { createApp } from 'millrace'
import { expect, test, vi } from 'vitest'
import { openStage, type Stage } from './stage.js'

interface ServerEvent {
  readonly event: string
  readonly data: Record<string, unknown>
}

/** Reads a stream of events until it is closed. */
async function watch(stage: Stage) {
  const response = await stage.ask('/events')
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const events: ServerEvent[] = []
  const ended = (async () => {
    for (let rest = ''; ; ) {
      const { value, done } = await reader.read()
      if (done) return
      rest += Buffer.from(value).toString()
      for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
        const [, event, data] = /^event: (\S+)\ndata: (.*)$/s.exec(rest.slice(0, end)) ?? []
        if (event !== undefined) events.push({ event, data: JSON.parse(data ?? '{}') as ServerEvent['data'] })
        rest = rest.slice(end + 2)
      }
    }
  })()
  return { events, close: () => reader.cancel(), ended }
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 })

/** An app whose broker counts the calls that read from it. */
async function counted() {
  const { openMemoryBroker } = await import('@millrace/broker-memory')
  const inner = openMemoryBroker({ app: `live-${process.pid}-${Math.random().toString(36).slice(2)}` })
  let calls = 0
  const inspect = new Proxy(inner.inspect, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        calls += 1
        return Reflect.apply(value, target, args) as unknown
      }
    },
  })
  const app = createApp({ name: 'live', broker: { ...inner, inspect, close: () => inner.close() } })
  return { app, calls: () => calls }
}

test('says hello, then what may read differently', async () => {
  await using stage = openStage({ login: 'none', everyMs: 100 })
  const task = stage.app.task('t', () => 1)
  const viewer = await watch(stage)
  await until(() => expect(viewer.events.map(({ event }) => event)).toEqual(['hello', 'live']))
  await task.enqueue(undefined)
  await until(() => {
    const last = viewer.events.at(-1)?.data as { topics: string[]; totals: { ready: number } }
    expect(last.totals.ready).toBe(1)
    expect(last.topics).toEqual(expect.arrayContaining(['queues', 'overview', 'jobs']))
  })
  await viewer.close()
})

/** A clock that stands until it is set. */
function standing() {
  let ms = 0
  return { clock: { now: () => 1_700_000_000_000 + ms, monotonic: () => ms }, set: (to: number) => (ms = to) }
}

test('who asks because of what was told is not given what was read before it', async () => {
  const { clock, set } = standing()
  await using stage = openStage({ login: 'none', everyMs: 100, clock })
  const task = stage.app.task('t', () => 1)
  await task.enqueue(undefined)
  const viewer = await watch(stage)
  await until(() => expect(viewer.events.at(-1)?.data).toMatchObject({ totals: { ready: 1 } }))
  set(1_000)
  expect((await stage.get('jobs', '/jobs?q=state:ready')).jobs).toHaveLength(1)
  await task.enqueue(undefined)
  // Queues are read anew, and the list of jobs would stand for another 900 ms.
  set(1_600)
  await until(() => expect(viewer.events.at(-1)?.data).toMatchObject({ totals: { ready: 2 } }))
  expect((await stage.get('jobs', '/jobs?q=state:ready')).jobs).toHaveLength(2)
  await viewer.close()
})

test('a change is told once more where pages may show what was read before it', async () => {
  const { clock, set } = standing()
  await using stage = openStage({ login: 'none', everyMs: 100, clock })
  const viewer = await watch(stage)
  await until(() => expect(viewer.events).toHaveLength(2))
  await stage.app.task('t', () => 1).enqueue(undefined, { delay: '1h' })
  set(1_600)
  await until(() => expect(viewer.events.at(-1)?.data).toMatchObject({ totals: { due: 1 } }))
  const told = viewer.events.length
  set(4_600)
  await until(() =>
    expect(viewer.events.slice(told).map(({ data }) => data.topics)).toContainEqual(['retries', 'failed']),
  )
  await viewer.close()
})

test('operations tell how far they are', async () => {
  await using stage = openStage({ login: 'none', everyMs: 100 })
  await stage.app.task('t', () => 1).enqueue(undefined, { delay: '1h' })
  const viewer = await watch(stage)
  await stage.get('startOperation', '/operations', {
    body: { action: 'promote', target: { kind: 'query', query: 'state:scheduled' } },
  })
  await until(() => {
    const states = viewer.events.filter(({ event }) => event === 'operation').map(({ data }) => data.state)
    expect(states.at(-1)).toBe('done')
  })
  await viewer.close()
})

test('fifty viewers cost the broker what one does', async () => {
  /** Broker calls, by look at the store, while so many viewers see three changes and ask for the pages that changed. */
  const everyMs = 1_600
  const cost = async (viewers: number) => {
    const { app, calls } = await counted()
    await using stage = openStage({ login: 'none', everyMs }, app)
    const task = app.task('t', () => 1)
    await task.enqueue(undefined)
    const open = await Promise.all(Array.from({ length: viewers }, () => watch(stage)))
    await until(() => expect(open.every(({ events }) => events.length >= 2)).toBe(true))
    const before = calls()
    const from = performance.now()
    for (let round = 0; round < 3; round++) {
      const seen = open.map(({ events }) => events.length)
      await task.enqueue(undefined)
      await until(() => expect(open.every(({ events }, i) => events.length > (seen[i] ?? 0))).toBe(true))
      await Promise.all(
        open.flatMap(() => ['/overview', '/queues', '/jobs', '/retries', '/workers'].map((path) => stage.ask(path))),
      )
    }
    // A machine on which fifty take long looks more often meanwhile.
    const looks = Math.max(3, (performance.now() - from) / everyMs)
    const spent = (calls() - before) / looks
    await Promise.all(open.map(({ close }) => close()))
    await app.close()
    return spent
  }
  const [one, fifty] = [await cost(1), await cost(50)]
  expect(one).toBeGreaterThan(0)
  expect(fifty).toBeLessThanOrEqual(one * 1.2)
})

test('nobody watches: nothing is read', async () => {
  const { app, calls } = await counted()
  await using stage = openStage({ login: 'none', everyMs: 100 }, app)
  const viewer = await watch(stage)
  await until(() => expect(viewer.events.length).toBeGreaterThanOrEqual(2))
  await viewer.close()
  await viewer.ended
  // The look that was under way ends; after it none is planned: a new viewer's hello finds the count where it was.
  await until(() => expect(calls()).toBeGreaterThan(0))
  const settled = calls()
  const again = await watch(stage)
  await until(() => expect(again.events.map(({ event }) => event)).toContain('hello'))
  expect(calls()).toBeLessThanOrEqual(settled + 4)
  await again.close()
  await app.close()
})

test('a reader that takes nothing gets the latest, not a backlog', async () => {
  await using stage = openStage({ login: 'none', everyMs: 100 })
  const task = stage.app.task('t', () => 1)
  const response = await stage.ask('/events')
  const quick = await watch(stage)
  for (let i = 0; i < 4; i++) {
    const seen = quick.events.length
    await task.enqueue(undefined)
    await until(() => expect(quick.events.length).toBeGreaterThan(seen))
  }
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const texts: string[] = []
  while (!texts.join('').includes('"ready":4')) texts.push(Buffer.from((await reader.read()).value ?? []).toString())
  expect(texts.join('').match(/event: live/g)?.length).toBeLessThanOrEqual(2)
  await reader.cancel()
  await quick.close()
})

test('a broker that is lost is told, and its return too', async () => {
  const { openMemoryBroker } = await import('@millrace/broker-memory')
  const inner = openMemoryBroker({ app: `lost-${process.pid}` })
  const faulty = faultyBroker(inner)
  const app = createApp({ name: 'lost', broker: faulty })
  await using stage = openStage({ login: 'none', everyMs: 1_600 }, app)
  const viewer = await watch(stage)
  await until(() => expect(viewer.events.map(({ event }) => event)).toContain('live'))
  faulty.faults.inject('inspect.lanes', 'refuse')
  await until(() => expect(viewer.events.map(({ event }) => event)).toContain('broker-lost'))
  faulty.faults.inject('inspect.lanes', 'refuse')
  const response = await stage.ask('/queues')
  expect([response.status, await response.text()]).toEqual([503, expect.not.stringContaining('told to refuse')])
  await viewer.close()
  await app.close()
})
