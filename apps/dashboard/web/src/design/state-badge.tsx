import './state-badge.css'

const TONES: Readonly<Record<string, string>> = {
  scheduled: 'waiting',
  ready: 'waiting',
  running: 'running',
  succeeded: 'good',
  retrying: 'warn',
  failed: 'bad',
  cancelled: 'idle',
  expired: 'idle',
  unknown: 'idle',
}

/** Marks differ in shape too: a state is never told by colour alone. */
const MARKS: Readonly<Record<string, string>> = {
  scheduled: 'M8 13A5 5 0 1 0 8 3a5 5 0 0 0 0 10zM8 5.5V8l1.8 1',
  ready: 'M8 12.5A4.5 4.5 0 1 0 8 3.5a4.5 4.5 0 0 0 0 9z',
  running: 'M5.5 3.5v9L12.5 8z',
  succeeded: 'M3.5 8.5l3 3 6-7',
  retrying: 'M12.5 8a4.5 4.5 0 1 1-1.4-3.3M12.5 2.8v2.7H9.8',
  failed: 'M4.2 4.2l7.6 7.6M11.8 4.2l-7.6 7.6',
  cancelled: 'M8 13A5 5 0 1 0 8 3a5 5 0 0 0 0 10zM4.5 11.5l7-7',
  expired: 'M4.5 3h7L8 8l3.5 5h-7L8 8z',
}

/** A job's state, by name, colour and mark. */
export function StateBadge({ state }: { readonly state: string }) {
  return (
    <span className={`state state--${TONES[state] ?? 'idle'}`}>
      <svg className="state__mark" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <path d={MARKS[state] ?? MARKS.ready} />
      </svg>
      {state}
    </span>
  )
}
