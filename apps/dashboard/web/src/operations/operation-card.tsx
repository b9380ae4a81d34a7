import type { Operation } from '@millrace/dashboard/contract'
import { useQueryClient } from '@tanstack/react-query'
import { post } from '../api/request.js'
import { Button } from '../design/button.js'
import { ProgressBar } from '../design/progress-bar.js'
import { toast } from '../design/toaster.js'
import { noteOperation } from '../live/use-live-events.js'
import { useMay } from '../session/use-me.js'
import { describeOperation, nameOperation } from './describe-operation.js'

interface OperationCardProps {
  readonly operation: Operation
  readonly onDismiss: () => void
}

export function OperationCard({ operation, onDismiss }: OperationCardProps) {
  const client = useQueryClient()
  const may = useMay()
  const running = operation.state === 'running'
  const stop = async () => {
    try {
      noteOperation(client, await post<Operation>(`/operations/${encodeURIComponent(operation.id)}/stop`))
    } catch (error) {
      toast('bad', (error as Error).message)
    }
  }
  return (
    <article className="operation">
      <header className="operation__head">
        <h2 className="operation__title">
          {nameOperation(operation.action)}
          <span className="operation__target">{operation.target}</span>
        </h2>
        {running ? (
          may('job.cancel') && (
            <Button look="quiet" icon="stop" onClick={() => void stop()}>
              Stop
            </Button>
          )
        ) : (
          <Button look="quiet" icon="close" label="Dismiss" onClick={onDismiss} />
        )}
      </header>
      {running && <ProgressBar label="Progress" done={operation.handled} total={operation.matched ?? undefined} />}
      <p className="operation__said" role="status">
        {describeOperation(operation)}
      </p>
    </article>
  )
}
