import type { Scene } from './start-scene.ts'

/** Ids may not have white space or control characters: the words that remain. */
export function asId(words: string): string {
  return words.replace(/[\s\p{Cc}]/gu, '/').slice(0, 200)
}

/**
 * Writes words where the app's own checks would refuse them, as anybody can who reaches the store: a queue, tasks, a worker, a job that
 * waits, one that is between attempts, one that failed after it said something. Answers the id of the last one.
 */
export async function poisonStore({ tasks }: Scene, words: string): Promise<string> {
  const broker = await tasks.app.broker()
  const lane = { queue: words.slice(0, 200), index: 0 }
  const id = asId(words)
  const at = 1e300
  const message = (task: string) => JSON.stringify([1, task, { [words]: words }, at, { headers: { [words]: words } }])
  const failure = { name: words, message: words, stack: words, data: { [words]: words }, reason: words, attempt: 1, at }
  await broker.producer.enqueue(
    lane,
    [`${id}1`, `${id}2`, `${id}3`].map((one) => ({ id: one.slice(-200), message: message(words) })),
  )
  const seat = await broker.consumer.join(lane, { id: asId(words), leaseMs: 60_000 })
  const { reservations } = await seat.exchange({ settlements: [], want: 2, empty: true })
  const [first, second] = reservations
  if (first === undefined || second === undefined) throw new Error('the lane handed out no two jobs')
  const lines = [{ at, level: words, attempt: 1, text: words }]
  const update = { since: at, from: 0, lines, progressJson: JSON.stringify({ [words]: words }) }
  await seat.report([{ reservation: first, update }])
  await seat.exchange({
    settlements: [
      { reservation: first, verdict: { kind: 'fail', failure: failure as never, keepMs: 3_600_000 } },
      { reservation: second, verdict: { kind: 'retry', failure: failure as never, delayMs: 3_600_000 } },
    ],
    want: 0,
    empty: false,
    tally: [{ task: words, succeeded: 1, retried: 1, failed: 1, busyMs: 1 }],
  })
  await broker.consumer.announce({
    id: words,
    host: words,
    pid: 1,
    version: words,
    queues: [words],
    concurrency: 1,
    startedAt: at,
    running: 1,
    state: words as 'running',
  })
  return first.id
}
