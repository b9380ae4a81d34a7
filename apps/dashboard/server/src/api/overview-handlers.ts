import type { Range } from '../contract/index.js'
import type { HandlersOf } from './api-call.js'
import type { ApiContext } from './api-context.js'
import { findAttention } from './attention.js'
import { checkQueue } from './queue-handlers.js'
import { type SeriesPart, seriesPart } from './series-part.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const RANGE_MS: Readonly<Record<Range, number>> = {
  '1h': HOUR,
  '6h': 6 * HOUR,
  '24h': 24 * HOUR,
  '7d': 7 * 24 * HOUR,
  '90d': 90 * 24 * HOUR,
}
/** What is by the hour changes slowly and costs more. */
const MINUTES_MS = 5_000
const HOURS_MS = 60_000

export const overviewHandlers: HandlersOf<'overview'> = {
  overview: async ({ context, query }) => {
    const { readings, rates, clock } = context
    if (query.queue !== undefined) await checkQueue(context, query.queue)
    const [queues, workers, leader, schedules, health, series] = await Promise.all([
      readings.queues(),
      readings.workers(),
      readings.leader(),
      readings.schedules(),
      readings.health(),
      readSeries(context, query),
    ])
    rates.note(queues)
    const views = queues.value
    const sum = (pick: (queue: (typeof views)[number]) => number) => views.reduce((all, each) => all + pick(each), 0)
    const ages = views.flatMap(({ oldestReadyMs }) => oldestReadyMs ?? [])
    return {
      at: queues.at,
      totals: {
        queues: views.length,
        pausedQueues: sum(({ paused }) => (paused ? 1 : 0)),
        ready: sum(({ ready, suspects }) => ready + suspects),
        running: sum(({ running }) => running),
        due: sum(({ due }) => due),
        parked: sum(({ parked }) => parked),
        failed: sum(({ failed }) => failed),
        oldestReadyMs: ages.length === 0 ? null : Math.max(...ages),
        workers: workers.value.length,
        concurrency: workers.value.reduce((total, { concurrency }) => total + concurrency, 0),
      },
      attention: findAttention({
        now: clock.now(),
        queues: views,
        workers: workers.value,
        leader: leader.value,
        schedules: schedules.value ?? [],
        byTask: series.stepMs === MINUTE ? series.byTask : [],
        findings: health.value.findings,
      }),
      range: query.range,
      ...series,
    }
  },
}

function readSeries(
  { app, readings, clock }: ApiContext,
  query: { readonly range: Range; readonly queue?: string | undefined; readonly task?: string | undefined },
): Promise<SeriesPart> {
  const { range, queue, task } = query
  const minutes = range === '1h' || range === '6h' || (range === '24h' && queue !== undefined)
  const read = async () => {
    const to = clock.now()
    const from = to - RANGE_MS[range]
    const found = await app.monitor.series({ unit: minutes ? 'minute' : 'hour', from, to, queue })
    return seriesPart(found, minutes ? MINUTE : HOUR, { queue, task })
  }
  return readings.page(`series ${JSON.stringify([range, queue, task])}`, read, minutes ? MINUTES_MS : HOURS_MS)
}
