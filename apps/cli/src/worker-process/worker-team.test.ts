import { expect, test, vi } from 'vitest'
import { NOT_STARTED } from '../worker-condition.js'
import type { LoadedModule } from './messages.js'
import type { WorkerProcessEnd } from './worker-process.js'
import { type Member, WorkerTeam } from './worker-team.js'

const MODULE: LoadedModule = { app: 'a', prefix: 'p', broker: null, tasks: 1, queues: [], files: [] }
const DEATH: WorkerProcessEnd = {
  code: 1,
  signal: null,
  asked: false,
  dismissed: false,
  refusal: undefined,
  served: true,
}

class Puppet implements Member {
  readonly did: string[] = []
  readonly pid = 1
  readonly condition = NOT_STARTED
  end: (end?: Partial<WorkerProcessEnd>) => void = () => undefined
  readonly ended = new Promise<WorkerProcessEnd>((resolve) => {
    this.end = (end = {}) => resolve({ ...DEATH, ...end })
  })
  constructor(readonly loaded: Promise<LoadedModule>) {}
  start = () => void this.did.push('start')
  stop = () => {
    this.did.push('stop')
    this.end({ asked: true })
  }
  kill = () => void this.did.push('kill')
}

const silent = () => undefined
const logger = {
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  fatal: silent,
  child: () => logger,
}

function team(size: number, load: () => Promise<LoadedModule> = async () => MODULE) {
  const puppets: Puppet[] = []
  const fork = () => {
    const puppet = new Puppet(load())
    puppets.push(puppet)
    return puppet
  }
  const made = new WorkerTeam({ size, logger, fork })
  return { team: made, puppets, at: (index: number) => puppets[index] as Puppet }
}

test('all load before the first starts; all stop', async () => {
  const { team: made, puppets } = team(3)
  await made.start()
  expect(puppets.map((puppet) => puppet.did)).toEqual([['start'], ['start'], ['start']])
  await made.stop()
  await made.stopped()
  expect(puppets.every((puppet) => puppet.did.at(-1) === 'stop')).toBe(true)
})

test('one that cannot load ends the start and the others', async () => {
  let count = 0
  const { team: made, at } = team(2, async () => {
    count += 1
    if (count === 2) throw new Error('does not load')
    return MODULE
  })
  await expect(made.start()).rejects.toThrow('does not load')
  expect(at(0).did).toEqual(['stop'])
})

test('one that dies is replaced after 1 s, 2 s, 4 s; not after a stop', async () => {
  vi.useFakeTimers()
  try {
    const { team: made, puppets, at } = team(1)
    await made.start()
    for (const [index, pauseMs] of [1_000, 2_000, 4_000].entries()) {
      at(index).end()
      await vi.advanceTimersByTimeAsync(pauseMs - 1)
      expect(puppets).toHaveLength(index + 1)
      await vi.advanceTimersByTimeAsync(1)
      expect(at(index + 1).did).toEqual(['start'])
    }
    at(3).end()
    await vi.advanceTimersByTimeAsync(1)
    await made.stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(puppets).toHaveLength(4)
  } finally {
    vi.useRealTimers()
  }
})

test('is over when all were told to stop from afar', async () => {
  const { team: made, puppets, at } = team(2)
  await made.start()
  at(0).end({ dismissed: true })
  at(1).end({ dismissed: true })
  await made.stopped()
  expect(puppets).toHaveLength(2)
})

test('one that cannot run from the first ends the team with its sentence', async () => {
  const { team: made, at } = team(2)
  await made.start()
  at(1).end({ refusal: 'Another layout.', served: false })
  await expect(made.stopped()).rejects.toThrow('Another layout.')
})
