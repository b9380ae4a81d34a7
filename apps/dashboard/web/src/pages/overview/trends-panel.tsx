import type { Overview } from '@millrace/dashboard/contract'
import { useMemo } from 'react'
import { SeriesChart } from '../../chart/series-chart.js'
import { Panel } from '../../design/panel.js'
import { durationText } from '../../format/duration-text.js'
import { countText, rateText, shortCount } from '../../format/figure-text.js'
import { sum } from './sum.js'

const NONE: Overview['series'] = {
  at: [],
  succeeded: [],
  retried: [],
  failed: [],
  handlerMs: [],
  backlog: [],
  oldestReadyMs: [],
}

const perSecondText = (value: number) => `${rateText(value)}/s`

/** The whole app over time. */
export function TrendsPanel({ overview }: { readonly overview: Overview | undefined }) {
  const series = overview?.series ?? NONE
  const seconds = (overview?.stepMs ?? 60_000) / 1_000
  const lines = useMemo(() => linesOf(series, seconds), [series, seconds])
  const done = countText(sum(series.succeeded))
  return (
    <Panel title="Over time" note={overview === undefined ? ' ' : `${done} succeeded in ${overview.range}`}>
      <div className="trends">
        <SeriesChart
          title="Throughput"
          summary={`${done} jobs succeeded.`}
          at={series.at}
          lines={lines.throughput}
          format={perSecondText}
        />
        <SeriesChart
          title="Retries and failures"
          summary={`${countText(sum(series.retried))} attempts were retried, ${countText(sum(series.failed))} jobs failed.`}
          at={series.at}
          lines={lines.failures}
          format={shortCount}
          whole
        />
        <SeriesChart
          title="Backlog"
          summary={`${countText(lastOf(series.backlog))} jobs wait now.`}
          at={series.at}
          lines={lines.backlog}
          format={shortCount}
          whole
        />
        <SeriesChart
          title="Time in handlers and wait"
          summary={`The last mean was ${durationText(lastOf(series.handlerMs))}.`}
          at={series.at}
          lines={lines.latency}
          format={durationText}
          whole
        />
      </div>
    </Panel>
  )
}

function linesOf(series: Overview['series'], seconds: number) {
  return {
    throughput: [{ name: 'succeeded', colour: '--ink-good', values: series.succeeded.map((count) => count / seconds) }],
    failures: [
      { name: 'retried', colour: '--ink-warn', values: series.retried },
      { name: 'failed', colour: '--ink-bad', values: series.failed },
    ],
    backlog: [{ name: 'waiting', colour: '--ink-waiting', values: series.backlog }],
    latency: [
      { name: 'handler, mean', colour: '--ink-running', values: series.handlerMs },
      { name: 'oldest wait', colour: '--ink-waiting', values: series.oldestReadyMs },
    ],
  }
}

function lastOf(values: readonly (number | null)[]): number {
  return values.findLast((value) => value !== null) ?? 0
}
