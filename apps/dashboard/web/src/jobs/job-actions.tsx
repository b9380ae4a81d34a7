import type { JobAction, JobSummary } from '@millrace/dashboard/contract'
import { useState } from 'react'
import { Button } from '../design/button.js'
import { useMay } from '../session/use-me.js'
import { ACTION_WORDS } from './action-words.js'
import { actionsForState } from './actions-for-state.js'
import { JobActionDialog } from './job-action-dialog.js'
import { useJobAction } from './use-job-action.js'

interface JobActionsProps {
  readonly job: Pick<JobSummary, 'id' | 'queue' | 'state'>
  /** Only icons, for rows. */
  readonly small?: boolean | undefined
}

/** What the viewer may do with a job in its state. What undoes work is asked for once more. */
export function JobActions({ job, small = false }: JobActionsProps) {
  const may = useMay()
  const act = useJobAction()
  const [asking, setAsking] = useState<JobAction>()
  const actions = actionsForState(job.state).filter((action) => may(`job.${action}`))
  return (
    <>
      {actions.map((action) => {
        const { name, icon } = ACTION_WORDS[action]
        const onClick = () => {
          if (action === 'retry' || action === 'promote') act.mutate({ id: job.id, queue: job.queue, action })
          else setAsking(action)
        }
        return small ? (
          <Button
            key={action}
            look="quiet"
            icon={icon}
            label={`${name} ${job.id}`}
            disabled={act.isPending}
            onClick={onClick}
          />
        ) : (
          <Button key={action} icon={icon} busy={act.isPending} onClick={onClick}>
            {name}
          </Button>
        )
      })}
      {asking !== undefined && (
        <JobActionDialog
          action={asking}
          id={job.id}
          onClose={() => setAsking(undefined)}
          onConfirm={(delayMs) => {
            act.mutate({ id: job.id, queue: job.queue, action: asking, delayMs })
            setAsking(undefined)
          }}
        />
      )}
    </>
  )
}
