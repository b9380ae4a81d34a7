import { useNow } from '../clock/use-now.js'
import { Nothing } from '../design/nothing.js'
import { absoluteTime } from '../format/absolute-time.js'
import { relativeTime } from '../format/relative-time.js'
import './countdown.css'

/** How soon, ticking. Past its time a job waits for the dispatcher. */
export function Countdown({ at }: { readonly at: number | null }) {
  const now = useNow()
  if (at === null) return <Nothing />
  return (
    <time className="countdown time" dateTime={new Date(at).toISOString()} title={absoluteTime(at)}>
      {at <= now ? 'due now' : relativeTime(at, now)}
    </time>
  )
}
