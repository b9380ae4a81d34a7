import type { Worker } from '@millrace/dashboard/contract'
import { useState } from 'react'
import { Button } from '../../design/button.js'
import { Dialog } from '../../design/dialog.js'
import { TextField } from '../../design/text-field.js'

interface ResizeDialogProps {
  readonly worker: Worker
  readonly onClose: () => void
  readonly onConfirm: (size: number) => void
}

const MAX_SIZE = 10_000

export function ResizeDialog({ worker, onClose, onConfirm }: ResizeDialogProps) {
  const [text, setText] = useState(`${worker.concurrency}`)
  const size = Number(text)
  const valid = Number.isInteger(size) && size >= 1 && size <= MAX_SIZE
  return (
    <Dialog
      title={`Resize ${worker.host}, pid ${worker.pid}`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Back</Button>
          <Button look="primary" disabled={!valid} onClick={() => onConfirm(size)}>
            Resize
          </Button>
        </>
      }
    >
      <p>
        It now runs {worker.concurrency} jobs at once. With fewer, what runs finishes first. A restart forgets the new
        size.
      </p>
      <TextField
        label="Jobs at once"
        hint={valid ? undefined : `A whole number from 1 to ${MAX_SIZE}.`}
        type="number"
        inputMode="numeric"
        min={1}
        max={MAX_SIZE}
        value={text}
        aria-invalid={!valid}
        onChange={(event) => setText(event.target.value)}
      />
    </Dialog>
  )
}
