import { group } from 'millrace'
import { CHORD_MEMBERS, type ChaosTasks } from './chaos-tasks.js'
import type { Producer } from './producer.js'
import { type KindOfJob, WORKLOADS, type WorkloadName } from './workload-catalogue.js'

/** Who enqueues, and what. */
export interface LoadDesk {
  readonly producer: Producer
  readonly tasks: ChaosTasks
}

const CHAIN_STEPS = 3
/** Few keys, so that calls meet a holder. */
const UNIQUE_KEYS = 5

/** Enqueues about `count` jobs of a workload; resolves when all are on record. */
export async function feedWorkload(desk: LoadDesk, name: WorkloadName, count: number): Promise<void> {
  const shares = Object.entries(WORKLOADS[name].shares) as [KindOfJob, number][]
  // What rounding leaves over is carried by chance of the next number: small batches get every kind in the long run.
  const turn = desk.producer.nextNumber()
  await Promise.all(
    shares.map(async ([kind, share]) => {
      const exact = (count * share) / 100
      const jobs = Math.floor(exact + ((turn * 0.618_034) % 1))
      if (jobs > 0) await FEEDS[kind](desk, jobs)
    }),
  )
}

const FEEDS: Readonly<Record<KindOfJob, (desk: LoadDesk, count: number) => Promise<void>>> = {
  /** Half of them keep their end, so that it can be read one by one; half are ordinary. */
  async 'no-op'({ producer, tasks }, count) {
    const inputs = Array.from({ length: count }, (_, n) => n)
    const half = count >> 1
    if (half > 0) await producer.enqueue({ task: tasks.noop, inputs: inputs.slice(0, half), kept: false })
    await producer.enqueue({ task: tasks.kept, inputs: inputs.slice(half), kept: true })
  },
  slow: ({ producer, tasks }, count) =>
    producer.enqueue({ task: tasks.slow, inputs: inputsOf(count, (n) => ({ ms: 10 + (n % 50) })), kept: true }),
  failing: ({ producer, tasks }, count) =>
    producer.enqueue({ task: tasks.failing, inputs: inputsOf(count, (n) => n), fate: 'fails', kept: false }),
  retrying: ({ producer, tasks }, count) =>
    producer.enqueue({ task: tasks.retrying, inputs: inputsOf(count, (n) => n), kept: true }),
  delayed: ({ producer, tasks }, count) => {
    const delay = 100 + (producer.nextNumber() % 10) * 100
    const inputs = inputsOf(count, () => ({
      ms: 0,
      key: `delayed/${producer.nextNumber()}/${Date.now() + delay}`,
    }))
    return producer.call({
      what: { fate: 'succeeds', kept: true },
      jobs: count,
      make: () => tasks.slow.enqueueMany(inputs, { delay }),
    })
  },
  unique: async ({ producer, tasks }, count) => {
    await Promise.all(
      inputsOf(count, () => {
        const key = `unique/${producer.nextNumber() % UNIQUE_KEYS}`
        return producer.call({
          what: { fate: 'succeeds', kept: true, key },
          jobs: 1,
          make: async () => [await tasks.slow.enqueue({ ms: 5, key }, { unique: { key } })],
        })
      }),
    )
  },
  fenced: ({ producer, tasks }, count) => {
    const inputs = inputsOf(count, (n) => ({ key: `fenced/${producer.nextNumber()}`, ms: n % 20 }))
    return producer.enqueue({ task: tasks.fenced, inputs, kept: true })
  },
  chain: async ({ producer, tasks }, count) => {
    await Promise.all(
      inputsOf(Math.ceil(count / CHAIN_STEPS), () => {
        const chain = `chain/${producer.nextNumber()}`
        const [first, second, last] = [`${chain}/0`, `${chain}/1`, `${chain}/2`]
        return producer.call({
          what: { fate: 'succeeds', kept: true, key: last },
          keys: [first, second],
          jobs: CHAIN_STEPS,
          make: async () => {
            const flow = tasks.step.with({ key: first }).pipe(tasks.step, { key: second })
            return [await flow.pipe(tasks.step, { key: last }).enqueue()]
          },
        })
      }),
    )
  },
  chord: async ({ producer, tasks }, count) => {
    await Promise.all(
      inputsOf(Math.ceil(count / (CHORD_MEMBERS + 1)), () => {
        const chord = `chord/${producer.nextNumber()}`
        const members = inputsOf(CHORD_MEMBERS, (n) => `${chord}/${n}`)
        const body = `${chord}/body`
        return producer.call({
          what: { fate: 'succeeds', kept: true, key: body },
          keys: members,
          jobs: CHORD_MEMBERS + 1,
          make: async () => {
            const flow = group(members.map((key, n) => tasks.slow.with({ key, ms: n }))).pipe(tasks.body, { key: body })
            return [await flow.enqueue()]
          },
        })
      }),
    )
  },
}

function inputsOf<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => make(n))
}
