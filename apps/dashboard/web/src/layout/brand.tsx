import { useQuery } from '@tanstack/react-query'
import { readSession } from '../api/queries.js'
import './brand.css'

export function Brand() {
  const { data: session } = useQuery(readSession())
  return (
    <div className="brand">
      <svg className="brand__mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <rect width="32" height="32" rx="8" />
        <path d="M6 12c3.3-3.6 6.7-3.6 10 0s6.7 3.6 10 0" />
        <path d="M6 20c3.3-3.6 6.7-3.6 10 0s6.7 3.6 10 0" opacity="0.65" />
      </svg>
      <div className="brand__names">
        <span className="brand__name">Millrace</span>
        {session?.app && <span className="brand__app">{session.app}</span>}
      </div>
    </div>
  )
}
