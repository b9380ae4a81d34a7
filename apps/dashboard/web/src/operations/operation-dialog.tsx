import type {
  JobAction,
  Operation,
  OperationPreview,
  OperationRequest,
  OperationTarget,
} from '@millrace/dashboard/contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { post } from '../api/request.js'
import { Button } from '../design/button.js'
import { Dialog } from '../design/dialog.js'
import { Notice } from '../design/notice.js'
import { countText, plural } from '../format/figure-text.js'
import { noteOperation } from '../live/use-live-events.js'
import { DelayField } from './delay-field.js'
import { nameOperation } from './describe-operation.js'
import './operation-dialog.css'
import { RateField } from './rate-field.js'

interface OperationDialogProps {
  readonly action: JobAction
  readonly target: OperationTarget
  /** Which jobs these are, for people. */
  readonly which: string
  readonly onClose: () => void
  readonly onStarted?: () => void
}

const CONSEQUENCES: Readonly<Record<JobAction, string>> = {
  retry: 'They become ready and run again as soon as a worker is free.',
  cancel: 'Those that wait are cancelled. Those that run are asked to stop.',
  discard: 'They are removed for good. This cannot be undone.',
  promote: 'They become ready now instead of at their time.',
  postpone: 'They wait that much longer, counted from now.',
}

/** Counts what an action would be for, asks, and starts it. */
export function OperationDialog({ action, target, which, onClose, onStarted }: OperationDialogProps) {
  const client = useQueryClient()
  const [delayMs, setDelayMs] = useState<number | undefined>(3_600_000)
  const [perSecond, setPerSecond] = useState<number | undefined>()
  const [error, setError] = useState<Error>()
  const [busy, setBusy] = useState(false)
  const preview = useQuery({
    queryKey: ['preview', action, target],
    queryFn: () => post<OperationPreview>('/operations/preview', { action, target }),
    gcTime: 0,
  })
  const matched = preview.data?.matched
  const destroys = action === 'cancel' || action === 'discard'
  const ready = matched !== undefined && matched > 0 && (action !== 'postpone' || delayMs !== undefined)

  const start = async () => {
    setBusy(true)
    const request: OperationRequest = {
      action,
      target,
      ...(action === 'postpone' && delayMs !== undefined && { delayMs }),
      ...(perSecond !== undefined && { perSecond }),
    }
    try {
      noteOperation(client, await post<Operation>('/operations', request))
      onStarted?.()
      onClose()
    } catch (refused) {
      setError(refused as Error)
      setBusy(false)
    }
  }

  return (
    <Dialog
      title={`${nameOperation(action)}: ${which}`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Back</Button>
          <Button look={destroys ? 'danger' : 'primary'} disabled={!ready} busy={busy} onClick={() => void start()}>
            {`${nameOperation(action)}${matched === undefined ? '' : ` ${plural(matched, 'job')}`}`}
          </Button>
        </>
      }
    >
      <p className="operation-count" aria-live="polite">
        <PreviewText preview={preview.data} />
      </p>
      <p>{CONSEQUENCES[action]}</p>
      {action === 'postpone' && <DelayField value={delayMs} onChange={setDelayMs} />}
      {action === 'retry' && <RateField onChange={setPerSecond} />}
      {(error ?? preview.error) && <Notice tone="bad">{(error ?? preview.error)?.message}</Notice>}
    </Dialog>
  )
}

function PreviewText({ preview }: { readonly preview: OperationPreview | undefined }) {
  if (preview === undefined) return 'Counting…'
  const { matched, complete, states } = preview
  if (matched === 0) return 'No job is in a state for this now.'
  const parts = Object.entries(states).map(([state, count]) => `${countText(count)} ${state}`)
  return `${complete ? '' : 'At least '}${plural(matched, 'job')}${parts.length > 1 ? `: ${parts.join(', ')}` : ''}`
}
