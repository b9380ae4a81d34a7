import type { Broker, EnqueueAnswer, JobRef, Lane, NewJob, ProducerPort, StoredOutcome } from '@millrace/broker'

export interface EnqueueCall {
  readonly lane: Lane
  readonly jobs: readonly NewJob[]
}

type Answering = (call: EnqueueCall) => readonly EnqueueAnswer[] | Promise<readonly EnqueueAnswer[]>

/** A producer port that keeps every call, and answers as it is told; by default it accepts everything. */
export class RecordingProducer implements ProducerPort {
  readonly calls: EnqueueCall[] = []
  inFlight = 0
  maxInFlight = 0
  answer: Answering = ({ jobs }) => jobs.map(() => ({ kind: 'accepted' }))

  async enqueue(lane: Lane, jobs: readonly NewJob[]): Promise<readonly EnqueueAnswer[]> {
    const call = { lane, jobs }
    this.calls.push(call)
    this.maxInFlight = Math.max(this.maxInFlight, ++this.inFlight)
    try {
      return await this.answer(call)
    } finally {
      this.inFlight--
    }
  }

  get jobs(): NewJob[] {
    return this.calls.flatMap((call) => call.jobs)
  }
}

export interface WaitCall {
  readonly ref: JobRef
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((valueJson: string) => void) | undefined
}

/** A broker whose results are as `outcome` says. Only what the producing side calls is there. */
export function recordingBroker(producer = new RecordingProducer()) {
  const waits: WaitCall[] = []
  const told: { outcome: (call: WaitCall) => Promise<StoredOutcome | 'gone'> } = {
    outcome: () => Promise.resolve('gone'),
  }
  const broker = {
    kind: 'recording',
    shared: false,
    producer,
    results: {
      wait: (ref: JobRef, options: Omit<WaitCall, 'ref'>) => {
        const call = { ref, signal: options.signal, onProgress: options.onProgress }
        waits.push(call)
        return told.outcome(call)
      },
    },
    inspect: { job: async () => ({ state: 'ready' }) },
    control: { cancel: async () => 'cancelled' },
    close: async () => {},
  } as unknown as Broker
  return { broker, producer, waits, told }
}
