import type { Permission, Schedule, Schedules } from '@millrace/dashboard/contract'
import { post } from '../../api/request.js'
import { useOrder } from '../../api/use-order.js'
import { Button } from '../../design/button.js'
import { type Column, DataTable } from '../../design/data-table.js'
import { EmptyState } from '../../design/empty-state.js'
import { Panel } from '../../design/panel.js'
import { Tag } from '../../design/tag.js'
import { TimeAgo } from '../../design/time-ago.js'
import { countText } from '../../format/figure-text.js'
import { Countdown } from '../../jobs/countdown.js'
import { JobsLink } from '../../jobs/jobs-link.js'
import { useMay } from '../../session/use-me.js'

const TONES = { active: 'good', paused: 'warn', disabled: 'idle', over: 'idle' } as const

export function SchedulesPanel({ schedules }: { readonly schedules: Schedules | undefined }) {
  const may = useMay()
  const order = useOrder('schedules')
  const give = (schedule: Schedule, verb: string, said: string) =>
    order.mutate({ run: () => post(`/schedules/${encodeURIComponent(schedule.name)}/${verb}`), said })
  return (
    <Panel title="Schedules" flush>
      <DataTable
        caption="Schedules"
        columns={may('schedule.pause') ? [...COLUMNS, actions(may, give)] : COLUMNS}
        rows={schedules?.schedules}
        rowKey={({ name }) => name}
        expected={3}
        empty={
          schedules?.supported === false ? (
            <EmptyState icon="schedules" title="This broker keeps no schedules" />
          ) : (
            <EmptyState icon="schedules" title="There are no schedules">
              Define one in code:{' '}
              <code>
                app.schedule('nightly', {'{'} cron: '0 3 * * *' {'}'}, task.with(…))
              </code>
            </EmptyState>
          )
        }
      />
    </Panel>
  )
}

const COLUMNS: readonly Column<Schedule>[] = [
  {
    key: 'name',
    head: 'Schedule',
    lead: true,
    width: '20%',
    cell: ({ name, state }) => (
      <>
        <b>{name}</b> <Tag tone={TONES[state]}>{state}</Tag>
      </>
    ),
  },
  {
    key: 'rule',
    head: 'Rule',
    cell: ({ rule }) => (
      <span className="cut mono" title={rule}>
        {rule}
      </span>
    ),
  },
  {
    key: 'task',
    head: 'Task',
    width: '18%',
    cell: ({ task }) => (
      <JobsLink filter={{ tasks: [task] }} row>
        {task}
      </JobsLink>
    ),
  },
  { key: 'next', head: 'Next', width: '7.5rem', cell: ({ nextAt }) => <Countdown at={nextAt} /> },
  { key: 'last', head: 'Last', width: '6.5rem', cell: ({ lastAt }) => <TimeAgo at={lastAt} none="never" /> },
  {
    key: 'fired',
    head: 'Fired',
    width: '5rem',
    figures: true,
    cell: ({ fired, skipped, backlog }) => (
      <span title={`${countText(skipped)} skipped, ${countText(backlog)} on their way`}>{countText(fired)}</span>
    ),
  },
]

function actions(
  may: (permission: Permission) => boolean,
  give: (schedule: Schedule, verb: string, said: string) => void,
): Column<Schedule> {
  return {
    key: 'actions',
    head: '',
    label: 'Actions',
    width: '15.5rem',
    cell: (schedule) => (
      <div className="table__actions">
        {may('schedule.run') && (
          <Button
            icon="play"
            aria-label={`Run now: ${schedule.name}`}
            onClick={() => give(schedule, 'run', `A job of ${schedule.name} is enqueued.`)}
          >
            Run now
          </Button>
        )}
        {schedule.state === 'active' && (
          <Button
            icon="pause"
            aria-label={`Pause ${schedule.name}`}
            onClick={() => give(schedule, 'pause', `${schedule.name} is paused: its ticks make no jobs.`)}
          >
            Pause
          </Button>
        )}
        {schedule.state === 'paused' && (
          <Button
            aria-label={`Resume ${schedule.name}`}
            onClick={() => give(schedule, 'resume', `${schedule.name} ticks again.`)}
          >
            Resume
          </Button>
        )}
      </div>
    ),
  }
}
