import type { Queue } from '@millrace/dashboard/contract'
import { useState } from 'react'
import { Button } from '../../design/button.js'
import { Dialog } from '../../design/dialog.js'
import { TextField } from '../../design/text-field.js'
import { plural } from '../../format/figure-text.js'

interface PurgeDialogProps {
  readonly queue: Queue
  readonly onClose: () => void
  readonly onConfirm: () => void
}

/** Nothing brings back what is purged: the name has to be written. */
export function PurgeDialog({ queue, onClose, onConfirm }: PurgeDialogProps) {
  const [name, setName] = useState('')
  const waiting = queue.ready + queue.suspects + queue.due + queue.parked
  return (
    <Dialog
      title={`Purge ${queue.queue}?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Back</Button>
          <Button look="danger" disabled={name !== queue.queue} onClick={onConfirm}>
            Purge the queue
          </Button>
        </>
      }
    >
      <p>
        It cancels all that waits in this queue, {plural(waiting, 'job')} now. Running and failed jobs stay. This cannot
        be undone.
      </p>
      <TextField
        label={`Write ${queue.queue} to go on`}
        autoComplete="off"
        spellCheck={false}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
    </Dialog>
  )
}
