import { expect, test } from 'vitest'
import type { LoadedModule } from '../worker-process/messages.js'
import type { WorkerProcessEnd } from '../worker-process/worker-process.js'
import { type Generation, Swapper } from './swapper.js'

const MODULE: LoadedModule = { app: 'a', prefix: 'p', broker: null, tasks: 1, queues: [], files: [] }
const END: WorkerProcessEnd = { code: 0, signal: null, asked: true, dismissed: false, refusal: undefined, served: true }

/** A worker process that does what the test says. */
class Puppet implements Generation {
  readonly did: string[] = []
  load: () => void = () => undefined
  refuse: (error: Error) => void = () => undefined
  end: (end?: Partial<WorkerProcessEnd>) => void = () => undefined
  readonly loaded = new Promise<LoadedModule>((resolve, reject) => {
    this.load = () => resolve(MODULE)
    this.refuse = reject
  })
  readonly ended = new Promise<WorkerProcessEnd>((resolve) => {
    this.end = (end = {}) => resolve({ ...END, ...end })
  })
  start = () => void this.did.push('start')
  stop = () => void this.did.push('stop')
  kill = () => {
    this.did.push('kill')
    this.end()
  }
}

function scene() {
  const puppets: Puppet[] = []
  const said: string[] = []
  const swapper = new Swapper(
    () => {
      const puppet = new Puppet()
      puppets.push(puppet)
      return puppet
    },
    {
      loaded: () => void said.push('loaded'),
      refused: (_error, serving) => void said.push(serving ? 'refused, goes on' : 'refused'),
      draining: () => void said.push('draining'),
      started: () => void said.push('started'),
      died: (_end, delayMs) => void said.push(`died ${delayMs}`),
    },
  )
  return { swapper, puppets, said, at: (index: number) => puppets[index] as Puppet }
}

/** Every promise that is settled has told. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

async function serving() {
  const all = scene()
  all.swapper.changed()
  all.at(0).load()
  await settled()
  return all
}

test('loads, drains the old one, starts the new one', async () => {
  const { swapper, at, said } = await serving()
  expect(at(0).did).toEqual(['start'])
  swapper.changed()
  at(1).load()
  await settled()
  expect(at(0).did).toEqual(['start', 'stop'])
  expect(at(1).did).toEqual([])
  at(0).end()
  await settled()
  expect(at(1).did).toEqual(['start'])
  expect(said).toEqual(['loaded', 'started', 'loaded', 'draining', 'started'])
})

test('one that does not load changes nothing', async () => {
  const { swapper, at, said } = await serving()
  swapper.changed()
  at(1).refuse(new Error('no'))
  await settled()
  expect(at(0).did).toEqual(['start'])
  expect(said.at(-1)).toBe('refused, goes on')
})

test('changes while one loads are one change, and only the newest starts', async () => {
  const { swapper, puppets, at } = await serving()
  for (let count = 0; count < 3; count += 1) swapper.changed()
  expect(puppets).toHaveLength(2)
  at(1).load()
  await settled()
  expect(puppets).toHaveLength(3)
  expect(at(0).did).toEqual(['start'])
  at(2).load()
  await settled()
  at(0).end()
  await settled()
  expect([at(1).did, at(2).did]).toEqual([['stop'], ['start']])
})

test('a change while the old one drains replaces what stands by; one that does not load leaves it', async () => {
  const { swapper, at } = await serving()
  swapper.changed()
  at(1).load()
  await settled()
  swapper.changed()
  at(0).end()
  await settled()
  expect(at(1).did).toEqual([])
  at(2).refuse(new Error('no'))
  await settled()
  expect(at(1).did).toEqual(['start'])
})

test('one that dies by itself is replaced; one that was told to stop from afar is not', async () => {
  const { at, said, puppets, swapper } = await serving()
  at(0).end({ code: 1, asked: false })
  await settled()
  expect(said.at(-1)).toBe('died 1000')
  swapper.changed()
  at(1).load()
  await settled()
  at(1).end({ asked: true, dismissed: true })
  await settled()
  expect(said.at(-1)).toBe('died null')
  expect(puppets).toHaveLength(2)
})

test('stop drains what runs and ends what only stands by or loads', async () => {
  const { swapper, at, puppets } = await serving()
  swapper.changed()
  const stopped = swapper.stop()
  expect([at(0).did, at(1).did]).toEqual([['start', 'stop'], ['kill']])
  void swapper.stop()
  expect(at(0).did).toEqual(['start', 'stop', 'stop'])
  at(0).end()
  await stopped
  swapper.changed()
  expect(puppets).toHaveLength(2)
})
