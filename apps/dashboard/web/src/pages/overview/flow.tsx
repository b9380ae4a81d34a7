import type { Overview } from '@millrace/dashboard/contract'
import { durationText } from '../../format/duration-text.js'
import { plural, rateText, shortCount } from '../../format/figure-text.js'
import { useLiveState } from '../../live/live-state.js'
import './flow.css'
import { FlowStation } from './flow-station.js'

/** Where all jobs are right now, in the order in which they pass: what waits, what runs, what came of it. */
export function Flow({ totals }: { readonly totals: Overview['totals'] | undefined }) {
  const { latest } = useLiveState()
  // The stream tells the same sums sooner.
  const now = totals === undefined ? undefined : { ...totals, ...latest?.totals }
  const rates = latest?.perSecond
  const figure = (count: number | undefined) => (count === undefined ? undefined : shortCount(count))
  const rate = (perSecond: number | undefined) => (perSecond === undefined ? '–' : `${rateText(perSecond)}/s`)
  return (
    <section className="flow" aria-label="Jobs now">
      <ol className="flow__race">
        <FlowStation name="Due later" figure={figure(now?.due)} note="delayed, or between attempts" to="/retries" />
        <FlowStation
          name="Ready"
          figure={figure(now?.ready)}
          note={waitText(now?.oldestReadyMs)}
          query="state:ready"
          tone="waiting"
        />
        <FlowStation
          name="Running"
          figure={figure(now?.running)}
          note={now === undefined ? '' : `of ${shortCount(now.concurrency)} on ${plural(now.workers, 'worker')}`}
          query="state:running"
          tone="running"
        />
        <FlowStation
          name="Succeeded"
          figure={rate(rates?.succeeded)}
          note="right now"
          query="state:succeeded"
          tone="good"
        />
        <FlowStation name="Retried" figure={rate(rates?.retried)} note="right now" to="/retries" tone="warn" />
        <FlowStation
          name="Failed for good"
          figure={figure(now?.failed)}
          note={`kept; ${rate(rates?.failed)} now`}
          to="/failed"
          tone="bad"
        />
      </ol>
    </section>
  )
}

function waitText(oldestReadyMs: number | null | undefined): string {
  if (oldestReadyMs === undefined) return ''
  return oldestReadyMs === null ? 'none waits' : `oldest waits ${durationText(oldestReadyMs)}`
}
