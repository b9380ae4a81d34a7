import { Link } from '@tanstack/react-router'

interface FlowStationProps {
  readonly name: string
  /** Undefined: not known yet. */
  readonly figure: string | undefined
  readonly note: string
  readonly tone?: 'waiting' | 'running' | 'good' | 'warn' | 'bad'
  /** A page; else the jobs of the query line. */
  readonly to?: '/retries' | '/failed'
  readonly query?: string
}

export function FlowStation({ name, figure, note, tone, to, query }: FlowStationProps) {
  const content = (
    <>
      <span className="flow__name">{name}</span>
      <span className="flow__figure">{figure ?? '–'}</span>
      <span className="flow__note">{note === '' ? '\u00a0' : note}</span>
    </>
  )
  return (
    <li className={`flow__station flow__station--${tone ?? 'idle'}`}>
      {to === undefined ? (
        <Link to="/jobs" search={{ q: query ?? '' }}>
          {content}
        </Link>
      ) : (
        <Link to={to}>{content}</Link>
      )}
    </li>
  )
}
