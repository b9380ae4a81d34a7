import { RunRecorder } from '../record/run-recorder.js'
import { rivalEntry } from '../rivals/catalogue.js'
import { producerCalls } from '../workloads/producer-workloads.js'
import type { Answer, Call, ChildSpec } from './child-spec.js'

type Calls = Record<string, (plan: never) => unknown>

/** The process of one side: a producer, or a worker. Ends with its parent. */
async function main(spec: ChildSpec): Promise<void> {
  process.on('disconnect', () => process.exit(1))
  // Ctrl-C reaches every process of a terminal: the parent decides when this one ends.
  process.on('SIGINT', () => undefined)
  const calls = await openRole(spec)
  process.on('message', (message) => void answer(calls, message as Call))
  send({ ready: true })
}

async function openRole(spec: ChildSpec): Promise<Calls> {
  switch (spec.role) {
    case 'producer': {
      const rival = await rivalEntry(spec.rival).load()
      if ('producerCalls' in rival) return { ...(await rival.producerCalls(spec)) }
      return { ...producerCalls(await rival.producer(spec)) }
    }
    case 'worker': {
      const rival = await rivalEntry(spec.rival).load()
      if ('workerCalls' in rival) return { ...(await rival.workerCalls(spec, spec.recorder)) }
      const recorder = new RunRecorder(spec.recorder)
      await rival.worker(spec, recorder)
      return { progress: () => recorder.progress(), snapshot: () => recorder.snapshot() }
    }
    case 'idle-workers': {
      // Loaded here only: a rival's process holds nothing of Millrace.
      const { startIdleWorkers } = await import('../scale/idle-workers.js')
      await startIdleWorkers(spec.url, spec.count)
      return {}
    }
  }
}

async function answer(calls: Calls, { call, name, plan }: Call): Promise<void> {
  try {
    const asked = calls[name]
    if (asked === undefined) throw new Error(`no call ${name}`)
    send({ call, value: await asked(plan as never) })
  } catch (error) {
    send({ call, error: describe(error) })
  }
}

function send(message: Answer): void {
  process.send?.(message)
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

main(JSON.parse(process.argv[2] ?? '') as ChildSpec).catch((error: unknown) => {
  send({ broken: describe(error) })
  process.exitCode = 1
})
