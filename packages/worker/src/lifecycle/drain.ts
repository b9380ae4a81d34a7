import type { Seat } from '@millrace/broker'
import { LeaseLostError, type Logger } from '@millrace/core'
import type { Attempt } from '../attempt.js'
import type { Hold } from '../hold.js'
import type { TimerSource } from '../timer-source.js'
import { callWithin } from './call-within.js'
import type { ConditionWatch } from './condition-watch.js'

/** What a drain works on. */
export interface DrainParts {
  readonly loop: { setReserving(reserving: boolean): void; stop(): void }
  readonly runner: {
    readonly running: number
    close(): void
    abortRunning(attempts: Iterable<Attempt>, why: 'released'): void
    giveUp(attempts: Iterable<Attempt>): void
  }
  readonly desks: readonly { readonly hold: Hold | undefined; retire(): void; close(): void }[]
  readonly watch: ConditionWatch
  readonly timers: TimerSource
  readonly logger: Logger
  readonly graceMs: number
  readonly leakAfterMs: number
  /** How long verdicts may take to be acknowledged. */
  readonly settleMs: number
  /** Verdicts of seats that were given up, still on their way. */
  readonly settlingLate: () => number
  /** True once somebody asked a second time: no more grace. */
  readonly hurried: () => boolean
}

const LEAVE_MS = 2_000

/**
 * Brings a worker to rest. Each step needs the one before it; the reasons stand beside them. False when the broker did not answer at
 * the end: there is no use in telling it more.
 */
export async function drain(parts: DrainParts): Promise<boolean> {
  const { loop, runner, desks, watch, logger } = parts
  // 1. Reserve nothing new, so that everything below only shrinks. What an exchange under way still brings goes straight back.
  loop.setReserving(false)
  for (const desk of desks) desk.retire()
  runner.close()

  // 2. Let what runs finish. Leases and settlements go on meanwhile: what ends now counts.
  const finished = await watch.until(() => runner.running === 0 || parts.hurried(), parts.graceMs)
  if (!finished || runner.running > 0) {
    const left = runningOf(desks)
    logger.warn(
      { jobs: left.slice(0, 20).map((attempt) => attempt.reservation.id), count: left.length },
      'grace is over: running jobs are aborted and put back',
    )
    // 3. Abort the rest. A handler that heeds its signal ends now; the slots of the others are taken from them.
    runner.abortRunning(left, 'released')
    await watch.until(() => runner.running === 0, parts.leakAfterMs)
    runner.giveUp(runningOf(desks))
  }

  // 4. Every verdict must be acknowledged before its seat is left: leaving puts back whatever is still held, and a job that is delivered
  // at most once it fails. An exchange under way that carries none is worth no long wait, but what it brings is put back by a verdict.
  const unsettled = () => desks.reduce((sum, { hold }) => sum + (hold?.box.unsettled ?? 0), parts.settlingLate())
  const calls = () => desks.reduce((sum, { hold }) => sum + (hold?.inFlight ?? 0), 0)
  let settled = await watch.until(() => unsettled() === 0, parts.settleMs)
  const silent = settled && !(await watch.until(() => calls() === 0, LEAVE_MS)) && unsettled() === 0
  if (settled && !silent) settled = await watch.until(() => unsettled() + calls() === 0, parts.settleMs)
  if (!settled) {
    const count = desks.reduce((sum, { hold }) => sum + (hold?.box.unsettled ?? 0), 0)
    logger.error({ count }, 'the broker did not acknowledge these verdicts in time: the jobs will run again')
  }

  // 5. No call may follow a leave on the same seat.
  loop.stop()
  for (const desk of desks) desk.close()

  // 6. Leave: what is still held goes back at once, uncounted, instead of when the lease ends.
  if (silent) {
    logger.warn('the broker does not answer: seats are not left, their leases end by themselves')
    return false
  }
  const seats = desks.flatMap(({ hold }) => (hold === undefined || hold.lost ? [] : [hold.seat]))
  const left = await Promise.all(seats.map((seat) => leave(seat, parts)))
  return left.every((answered) => answered)
}

function runningOf(desks: DrainParts['desks']): Attempt[] {
  return desks.flatMap(({ hold }) => (hold === undefined ? [] : hold.running.list()))
}

async function leave(seat: Seat, { timers, logger }: DrainParts): Promise<boolean> {
  const error = await callWithin(timers, LEAVE_MS * 2, () => seat.leave({ timeoutMs: LEAVE_MS }))
  if (error !== undefined) logger.warn({ err: error }, 'a seat could not be left: its lease ends by itself')
  return error === undefined || error instanceof LeaseLostError
}
