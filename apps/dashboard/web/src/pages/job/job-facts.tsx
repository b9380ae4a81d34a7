import type { JobDetail } from '@millrace/dashboard/contract'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Facts } from '../../design/facts.js'
import { Notice } from '../../design/notice.js'
import { Panel } from '../../design/panel.js'
import { TimeAgo } from '../../design/time-ago.js'
import { plural } from '../../format/figure-text.js'
import { AttemptPips } from '../../jobs/attempt-pips.js'
import { Countdown } from '../../jobs/countdown.js'
import { JobLink } from '../../jobs/job-link.js'
import { JobsLink } from '../../jobs/jobs-link.js'
import { isMessageGone } from './is-message-gone.js'

interface Fact {
  readonly name: string
  readonly value: ReactNode
}

export function JobFacts({ job }: { readonly job: JobDetail }) {
  const facts = [...ownFacts(job), ...lineageFacts(job)]
  return (
    <Panel title="Facts">
      {job.cancelAsked && job.state === 'running' && (
        <Notice tone="warn">Cancel was asked. The handler is told through its signal and ends when it obeys.</Notice>
      )}
      <Facts facts={facts} />
    </Panel>
  )
}

function ownFacts(job: JobDetail): Fact[] {
  const queue = { name: 'Queue', value: <JobsLink filter={{ queues: [job.queue] }}>{job.queue}</JobsLink> }
  if (isMessageGone(job)) return [queue]
  return [
    queue,
    { name: 'Attempts', value: <AttemptPips used={job.attemptsUsed} max={job.attemptsMax} /> },
    { name: 'Enqueued', value: <TimeAgo at={job.enqueuedAt} none="not known" /> },
    ...(job.dueAt === null ? [] : [{ name: 'Due', value: <Countdown at={job.dueAt} /> }]),
    ...(job.failedAt === null ? [] : [{ name: 'Failed', value: <TimeAgo at={job.failedAt} /> }]),
    { name: 'Crashes', value: `${job.crashes}` },
    { name: 'Priority', value: `${job.priority}` },
  ]
}

function lineageFacts({ lineage, fingerprint, alsoIn, id }: JobDetail): Fact[] {
  const { next, waitsFor, schedule } = lineage
  return [
    ...(fingerprint === null
      ? []
      : [{ name: 'Failed alike', value: <JobsLink filter={{ fingerprints: [fingerprint] }}>{fingerprint}</JobsLink> }]),
    ...(next === null ? [] : [{ name: 'Hands on to', value: <JobLink id={next.id} queue={next.queue} /> }]),
    ...(waitsFor === null ? [] : [{ name: 'Waits for', value: `${plural(waitsFor, 'job')} before it` }]),
    ...(schedule === null ? [] : [{ name: 'Made by schedule', value: <Link to="/leader">{schedule.name}</Link> }]),
    ...alsoIn.map((queue) => ({ name: `Also in ${queue}`, value: <JobLink id={id} queue={queue} /> })),
  ]
}
