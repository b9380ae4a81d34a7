import type { JobDetail } from '@millrace/dashboard/contract'
import { useLayoutEffect, useRef } from 'react'
import { Panel } from '../../design/panel.js'
import { absoluteTime } from '../../format/absolute-time.js'
import { clockTime } from '../../format/clock-time.js'
import { plural } from '../../format/figure-text.js'

/** Px from the end that still count as the end. */
const NEAR = 24

const LOUD: ReadonlySet<string> = new Set(['warn', 'error', 'fatal'])

/** What its handler logged, in the order of a log. Nothing where it has not. */
export function JobLog({ job: { log } }: { readonly job: JobDetail }) {
  const list = useRef<HTMLOListElement>(null)
  const follows = useRef(true)
  const lines = log?.lines ?? []
  // A reader at the end stays at the end; one who has scrolled up stays there.
  useLayoutEffect(() => {
    const { current } = list
    if (current !== null && follows.current) current.scrollTop = current.scrollHeight
  })
  if (log === null || lines.length === 0) return null
  const onScroll = () => {
    const { current } = list
    if (current !== null) follows.current = current.scrollHeight - current.scrollTop - current.clientHeight < NEAR
  }
  const note = log.dropped > 0 ? `${plural(log.dropped, 'older line')} not kept` : undefined
  return (
    <Panel title="Log" note={note}>
      {/* It scrolls, so the keyboard must reach it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <ol className="job-log" ref={list} onScroll={onScroll} tabIndex={0} aria-label="Log lines">
        {lines.map((line, index) => (
          // The oldest go first, so a line is known by how many were said before it.
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            key={log.dropped + index}
            className={LOUD.has(line.level) ? `job-log__line job-log__line--${line.level}` : 'job-log__line'}
          >
            <time className="job-log__at" title={absoluteTime(line.at)}>
              {clockTime(line.at)}
            </time>
            <span className="job-log__level">{line.level}</span>
            <span className="job-log__text">
              {line.attempt !== (lines[index - 1]?.attempt ?? 1) && <b>Attempt {line.attempt} </b>}
              {line.text}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
