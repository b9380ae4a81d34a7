import { fileURLToPath } from 'node:url'
import type { ForeignRival } from '../../foreign-rival.js'
import type { Progress, Snapshot } from '../../record/run-recorder.js'
import type { Counts } from '../../rival.js'
import type { BulkPlan, ProducerCalls, Range, Span, WaitLog } from '../../workloads/producer-workloads.js'
import { findCeleryPython } from './celery-installed.js'
import { PythonProcess } from './python-process.js'

/**
 * Celery: prefork with two processes, 64 messages each ahead, no results unless they are wanted, no events, gossip, mingle
 * or heartbeat; one producer for all calls. A completion is the end of the task's function.
 */
export const celeryRival: ForeignRival = {
  async producerCalls({ url, workload }) {
    const program = await start('producer', { url, kind: workload.kind })
    const counts = (): Promise<Counts> => Promise.reject(new Error('celery does not say what waits for its time'))
    const log = async (name: string, plan: unknown): Promise<WaitLog> => {
      const { sent, answered } = await program.call<{ sent: string; answered: string }>(name, plan)
      return { sent: doubles(sent), answered: doubles(answered) }
    }
    const calls: ProducerCalls = {
      enqueueBulk: (plan: BulkPlan) => program.call<Span>('bulk', plan),
      enqueueSingle: (plan: Range) => program.call<Span>('single', plan),
      enqueueAndWait: (plan) => log('one_by_one', plan),
      enqueuePaced: () => Promise.reject(new Error('celery is not driven at a rate')),
      enqueueChord: (plan: Range) => program.call<Span>('chord', plan),
      lastResult: async () => (await program.call<number | null>('last_result', {})) ?? undefined,
      counts,
    }
    return calls
  },

  async workerCalls({ url, workload }, recorder) {
    const { kind, jobs, timeStarts } = recorder
    const program = await start('worker', { url, kind: workload.kind, jobs, timeStarts })
    if (kind !== workload.kind) throw new Error(`recorder for ${kind}, workload ${workload.kind}`)
    return {
      progress: () => program.call<Progress>('progress', {}),
      snapshot: async () => {
        const { runs, startTimes, ...counts } = await program.call<PythonSnapshot>('snapshot', {})
        return {
          ...counts,
          firstStart: counts.firstStart ?? Number.NaN,
          lastEnd: counts.lastEnd ?? Number.NaN,
          runs: new Uint8Array(Buffer.from(runs, 'base64')),
          startTimes: startTimes === null ? undefined : doubles(startTimes),
          markTimes: [],
        }
      },
    }
  },
}

/** A snapshot as it travels: bytes and doubles in base64, null for what is not there. */
type PythonSnapshot = Omit<Snapshot, 'runs' | 'startTimes' | 'markTimes' | 'firstStart' | 'lastEnd'> & {
  readonly runs: string
  readonly startTimes: string | null
  readonly firstStart: number | null
  readonly lastEnd: number | null
}

/** Beside the sources: the build copies no Python. */
function programFile(name: string): string {
  return fileURLToPath(new URL(`../../../src/rivals/celery/${name}.py`, import.meta.url))
}

function start(role: 'producer' | 'worker', spec: unknown): Promise<PythonProcess> {
  const found = findCeleryPython()
  // -B: no caches beside the sources.
  if (found === undefined) throw new Error('no python3 has celery and redis')
  return PythonProcess.start(found.python, ['-B', programFile(`bench_${role}`), JSON.stringify(spec)])
}

function doubles(base64: string): Float64Array {
  const bytes = Buffer.from(base64, 'base64')
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}
