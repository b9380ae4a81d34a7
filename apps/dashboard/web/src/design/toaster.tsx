import { useSyncExternalStore } from 'react'
import { Icon } from './icon.js'
import './toaster.css'

interface Toast {
  readonly id: number
  readonly tone: 'good' | 'bad'
  readonly text: string
}

const SHOWN_MS = 6_000
let toasts: readonly Toast[] = []
let lastId = 0
const listeners = new Set<() => void>()

/** Says in passing what came of an action. */
export function toast(tone: Toast['tone'], text: string): void {
  const id = ++lastId
  change([...toasts.slice(-3), { id, tone, text }])
  setTimeout(() => change(toasts.filter((one) => one.id !== id)), SHOWN_MS)
}

function change(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function Toaster() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <div className="toaster" role="status" aria-live="polite">
      {shown.map(({ id, tone, text }) => (
        <p key={id} className={`toast toast--${tone}`}>
          <Icon name={tone === 'good' ? 'check' : 'warning'} />
          <span>{text}</span>
        </p>
      ))}
    </div>
  )
}
