import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Button } from './button.js'
import './dialog.css'

interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
  /** The last row: what can be done. */
  readonly actions?: ReactNode
}

/** A modal: the browser keeps the focus in it, closes it on Escape, and gives the focus back. */
export function Dialog({ title, onClose, children, actions }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => element?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <header className="dialog__head">
        <h2 id={heading}>{title}</h2>
        <Button look="quiet" icon="close" label="Close" onClick={onClose} />
      </header>
      <div className="dialog__body">{children}</div>
      {actions !== undefined && <footer className="dialog__actions">{actions}</footer>}
    </dialog>
  )
}
