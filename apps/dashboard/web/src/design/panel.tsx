import { type ReactNode, useId } from 'react'
import './panel.css'

interface PanelProps {
  readonly title: string
  /** Beside the title: a figure, a hint. */
  readonly note?: ReactNode
  readonly actions?: ReactNode
  /** The content reaches the borders, as tables do. */
  readonly flush?: boolean | undefined
  readonly children: ReactNode
}

export function Panel({ title, note, actions, flush = false, children }: PanelProps) {
  const heading = useId()
  return (
    <section className="panel" aria-labelledby={heading}>
      <header className="panel__head">
        <h2 id={heading}>{title}</h2>
        {note !== undefined && <div className="panel__note">{note}</div>}
        {actions !== undefined && <div className="panel__actions">{actions}</div>}
      </header>
      <div className={flush ? 'panel__body panel__body--flush' : 'panel__body'}>{children}</div>
    </section>
  )
}
