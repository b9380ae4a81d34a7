import type { Operation } from '@millrace/dashboard/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { readOperations } from '../api/queries.js'
import { OperationCard } from './operation-card.js'
import './operation-dock.css'

/** Bulk work under way, whoever started it, and what ended while somebody watched. */
export function OperationDock() {
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set())
  const [since] = useState(() => Date.now())
  const { data } = useQuery(readOperations())
  const shown = (data?.operations ?? []).filter(
    (operation) => !dismissed.has(operation.id) && (isRunning(operation) || (operation.endedAt ?? 0) > since),
  )
  if (shown.length === 0) return null
  return (
    <section className="dock" aria-label="Operations">
      {shown.slice(0, 3).map((operation) => (
        <OperationCard
          key={operation.id}
          operation={operation}
          onDismiss={() => setDismissed(new Set([...dismissed, operation.id]))}
        />
      ))}
    </section>
  )
}

function isRunning({ state }: Operation): boolean {
  return state === 'running'
}
