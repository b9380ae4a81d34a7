import type { JobAction } from '@millrace/dashboard/contract'
import { useState } from 'react'
import { Button } from '../design/button.js'
import { Dialog } from '../design/dialog.js'
import { DelayField } from '../operations/delay-field.js'
import { ACTION_WORDS } from './action-words.js'

interface JobActionDialogProps {
  readonly action: JobAction
  readonly id: string
  readonly onClose: () => void
  readonly onConfirm: (delayMs: number | undefined) => void
}

const QUESTIONS: Readonly<Record<JobAction, string>> = {
  retry: 'It becomes ready and runs again.',
  promote: 'It becomes ready now instead of at its time.',
  postpone: 'It waits that much longer, counted from now.',
  cancel: 'If it waits, it never runs. If it runs, its handler is asked to stop.',
  discard: 'It is removed for good, with its input and its errors. This cannot be undone.',
}

export function JobActionDialog({ action, id, onClose, onConfirm }: JobActionDialogProps) {
  const [delayMs, setDelayMs] = useState<number | undefined>(3_600_000)
  const postpones = action === 'postpone'
  const { name } = ACTION_WORDS[action]
  return (
    <Dialog
      title={`${name} this job?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Back</Button>
          <Button
            look={postpones ? 'primary' : 'danger'}
            disabled={postpones && delayMs === undefined}
            onClick={() => onConfirm(postpones ? delayMs : undefined)}
          >
            {`${name} job`}
          </Button>
        </>
      }
    >
      <p className="mono">{id}</p>
      <p>{QUESTIONS[action]}</p>
      {postpones && <DelayField value={delayMs} onChange={setDelayMs} />}
    </Dialog>
  )
}
