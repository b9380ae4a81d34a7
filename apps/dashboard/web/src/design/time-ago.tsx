import { useNow } from '../clock/use-now.js'
import { absoluteTime } from '../format/absolute-time.js'
import { relativeTime } from '../format/relative-time.js'
import { Nothing } from './nothing.js'
import './time-ago.css'

interface TimeAgoProps {
  /** Ms since the epoch. */
  readonly at: number | null | undefined
  /** Said where there is no time. An en dash by default. */
  readonly none?: string | undefined
}

/** Relative, ticking, with the absolute time when pointed at. */
export function TimeAgo({ at, none }: TimeAgoProps) {
  const now = useNow()
  // Stored times may come from anybody who can write to the store.
  if (at === null || at === undefined || Number.isNaN(new Date(at).getTime())) return <Nothing word={none} />
  return (
    <time className="time" dateTime={new Date(at).toISOString()} title={absoluteTime(at)}>
      {relativeTime(at, now)}
    </time>
  )
}
