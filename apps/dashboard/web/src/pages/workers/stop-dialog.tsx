import type { Worker } from '@millrace/dashboard/contract'
import { Button } from '../../design/button.js'
import { Dialog } from '../../design/dialog.js'
import { plural } from '../../format/figure-text.js'

interface StopDialogProps {
  readonly worker: Worker
  readonly onClose: () => void
  readonly onConfirm: () => void
}

export function StopDialog({ worker, onClose, onConfirm }: StopDialogProps) {
  return (
    <Dialog
      title={`Stop ${worker.host}, pid ${worker.pid}?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Back</Button>
          <Button look="danger" onClick={onConfirm}>
            Stop the worker
          </Button>
        </>
      }
    >
      <p>
        It takes nothing more, lets what runs finish ({plural(worker.running, 'job')} now), puts the rest back, and ends
        its process. Whatever started it may start it again.
      </p>
    </Dialog>
  )
}
