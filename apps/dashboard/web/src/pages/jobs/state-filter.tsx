import { formatQueryLine, JOB_STATES, parseQueryLine } from '@millrace/dashboard/contract'
import { Link } from '@tanstack/react-router'
import './state-filter.css'

/** States at a click: each keeps the rest of the line. */
export function StateFilter({ q }: { readonly q: string }) {
  const { filter } = parseQueryLine(q)
  return (
    <nav className="states" aria-label="States">
      <StateLink text="all" q={formatQueryLine({ ...filter, states: [] })} current={filter.states.length === 0} />
      {JOB_STATES.map((state) => (
        <StateLink
          key={state}
          text={state}
          q={formatQueryLine({ ...filter, states: [state] })}
          current={filter.states.includes(state)}
        />
      ))}
    </nav>
  )
}

interface StateLinkProps {
  readonly text: string
  readonly q: string
  readonly current: boolean
}

function StateLink({ text, q, current }: StateLinkProps) {
  return (
    <Link
      to="/jobs"
      search={q === '' ? {} : { q }}
      className={current ? 'states__one states__one--current' : 'states__one'}
      activeProps={{ className: '' }}
      aria-current={current ? 'true' : undefined}
    >
      {text}
    </Link>
  )
}
