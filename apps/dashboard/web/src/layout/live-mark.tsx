import { useLiveState } from '../live/live-state.js'
import './live-mark.css'

const SAID = {
  live: { text: 'Live', explained: 'Figures follow the broker.' },
  connecting: { text: 'Connecting', explained: 'No word from the server: what you see may be old.' },
  'broker-lost': { text: 'Broker lost', explained: 'The server cannot reach its broker: what you see may be old.' },
} as const

/** Whether what is shown is of now. */
export function LiveMark() {
  const { link } = useLiveState()
  const { text, explained } = SAID[link]
  return (
    <p className={`live live--${link}`} role="status" title={explained}>
      <span className="live__dot" aria-hidden="true" />
      {text}
    </p>
  )
}
