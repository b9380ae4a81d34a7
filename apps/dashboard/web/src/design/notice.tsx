import type { ReactNode } from 'react'
import { Icon } from './icon.js'
import './notice.css'

interface NoticeProps {
  readonly tone: 'bad' | 'warn' | 'info'
  readonly children: ReactNode
  readonly actions?: ReactNode
}

/** A sentence that the reader should see before the rest. Errors are announced. */
export function Notice({ tone, children, actions }: NoticeProps) {
  return (
    <div className={`notice notice--${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={tone === 'info' ? 'info' : 'warning'} />
      <div className="notice__text">{children}</div>
      {actions !== undefined && <div className="notice__actions">{actions}</div>}
    </div>
  )
}
