import type { CallOptions, Lane, ReservationReport } from '@millrace/broker'
import { laneName } from '@millrace/broker'
import { InvalidOptionError, MAX_BATCH_JOBS } from '@millrace/core'
import type { Engine } from '../engine.js'
import type { Retention } from '../retention.js'
import { reportScript } from '../scripts.generated.js'

/** Which seat writes, and how much is kept. */
export interface ReportWriter {
  readonly engine: Engine
  readonly lane: Lane
  readonly incarnation: string
  readonly retention: Retention
}

/** One answer per update, in order. Without updates it only makes the script known to the server. */
export async function writeReports(
  { engine, lane, incarnation, retention }: ReportWriter,
  updates: readonly ReservationReport[],
  options: CallOptions = {},
): Promise<readonly boolean[]> {
  if (updates.length > MAX_BATCH_JOBS) {
    const expected = `at most ${MAX_BATCH_JOBS}`
    throw new InvalidOptionError({ option: 'updates', found: updates.length, expected })
  }
  const args = [incarnation, String(retention.reportCount), String(retention.failedMs)]
  for (const { reservation, update } of updates) {
    const { since, keepMs, from, lines, progressJson = '' } = update
    const keep = keepMs === undefined ? '' : String(Math.max(1, Math.round(keepMs)))
    const texts = lines.map(({ at, level, attempt, text }) => JSON.stringify([at, level, attempt, text]))
    args.push(reservation.token, reservation.id, String(since), keep, String(from))
    args.push(texts.join('\n'), String(texts.length), progressJson)
  }
  const what = () => `report on ${laneName(lane)}`
  const answer = (await engine.onLane(reportScript, lane, args, { what, ...options })) as string
  return updates.map((_, index) => answer[index] === '1')
}
