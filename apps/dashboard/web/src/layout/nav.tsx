import { Link } from '@tanstack/react-router'
import { Icon, type IconName } from '../design/icon.js'
import { shortCount } from '../format/figure-text.js'
import { useLiveState } from '../live/live-state.js'
import { useMay } from '../session/use-me.js'
import './nav.css'

interface Place {
  readonly to: string
  readonly name: string
  readonly icon: IconName
  readonly count?: number | undefined
  readonly bad?: boolean
}

export function Nav({ onGo }: { readonly onGo: () => void }) {
  const totals = useLiveState().latest?.totals
  const may = useMay()
  const watch: Place[] = [
    { to: '/', name: 'Overview', icon: 'overview' },
    { to: '/retries', name: 'Retries', icon: 'retries' },
    { to: '/failed', name: 'Failed', icon: 'failed', count: totals?.failed, bad: true },
    { to: '/jobs', name: 'Jobs', icon: 'jobs' },
  ]
  const run: Place[] = [
    { to: '/queues', name: 'Queues', icon: 'queues' },
    { to: '/workers', name: 'Workers', icon: 'workers', count: totals?.workers },
    { to: '/leader', name: 'Leader and schedules', icon: 'leader' },
    ...(may('audit.read') ? [{ to: '/audit', name: 'Audit', icon: 'audit' } as const] : []),
  ]
  return (
    <nav className="nav" aria-label="Pages">
      <Places places={watch} onGo={onGo} />
      <Places places={run} onGo={onGo} />
    </nav>
  )
}

function Places({ places, onGo }: { readonly places: readonly Place[]; readonly onGo: () => void }) {
  return (
    <ul className="nav__group">
      {places.map(({ to, name, icon, count, bad }) => (
        <li key={to}>
          <Link to={to} className="nav__link" activeOptions={{ exact: to === '/' }} onClick={onGo}>
            <Icon name={icon} />
            <span>{name}</span>
            {count !== undefined && count > 0 && (
              <span className={bad ? 'nav__count nav__count--bad' : 'nav__count'}>{shortCount(count)}</span>
            )}
          </Link>
        </li>
      ))}
    </ul>
  )
}
