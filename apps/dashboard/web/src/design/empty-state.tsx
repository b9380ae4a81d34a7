import type { ReactNode } from 'react'
import './empty-state.css'
import { Icon, type IconName } from './icon.js'

interface EmptyStateProps {
  readonly icon: IconName
  readonly title: string
  /** What to do, or why that is good news. */
  readonly children?: ReactNode
}

export function EmptyState({ icon, title, children }: EmptyStateProps) {
  return (
    <div className="empty">
      <Icon name={icon} />
      <p className="empty__title">{title}</p>
      {children !== undefined && <div className="empty__text">{children}</div>}
    </div>
  )
}
