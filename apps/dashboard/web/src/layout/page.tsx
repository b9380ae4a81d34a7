import { type ReactNode, useEffect } from 'react'
import './page.css'

interface PageProps {
  readonly title: string
  /** One line under the title. */
  readonly lead?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A page: its heading, also in the window's title, and what stands under it. */
export function Page({ title, lead, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Millrace`
  }, [title])
  return (
    <div className="page">
      <header className="page__head">
        <div className="page__title">
          <h1>{title}</h1>
          {lead !== undefined && <p className="page__lead">{lead}</p>}
        </div>
        {actions !== undefined && <div className="page__actions">{actions}</div>}
      </header>
      {children}
    </div>
  )
}
