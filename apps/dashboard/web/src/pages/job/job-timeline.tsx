import type { TimelineEntry } from '@millrace/dashboard/contract'
import { Panel } from '../../design/panel.js'
import { TimeAgo } from '../../design/time-ago.js'

const TONES: Partial<Record<TimelineEntry['what'], string>> = {
  'attempt-failed': 'warn',
  failed: 'bad',
  succeeded: 'good',
  running: 'running',
}

/** What happened to it, the latest first. */
export function JobTimeline({ timeline }: { readonly timeline: readonly TimelineEntry[] }) {
  return (
    <Panel title="Timeline">
      {timeline.length === 0 && <p className="timeline__none">Not kept: it is forgotten when a job has ended.</p>}
      <ol className="timeline">
        {timeline.toReversed().map(({ at, what, attempt, text }) => (
          <li key={`${at} ${what} ${attempt}`} className={`timeline__one timeline__one--${TONES[what] ?? 'idle'}`}>
            <span className="timeline__text">{text}</span>
            <span className="timeline__at">
              <TimeAgo at={at} />
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
