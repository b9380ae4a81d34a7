import type {
  AuditPage,
  Completions,
  FailedGroups,
  JobDetail,
  JobPage,
  Leader,
  LiveTopic,
  Operation,
  Overview,
  Queues,
  Range,
  Retries,
  Schedules,
  Session,
  Workers,
} from '@millrace/dashboard/contract'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { get } from './request.js'

/** Every reading of the API. A key begins with the live topic that makes it worth reading again. */
interface Reading {
  readonly topic: LiveTopic | 'session' | 'completions' | 'operations'
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>>
}

function fresh<Answer>({ topic, path, query = {} }: Reading) {
  return queryOptions({
    queryKey: [topic, path, query],
    queryFn: ({ signal }) => get<Answer>(path, query, signal),
  })
}

/** What was shown stays until the next is there: nothing jumps, nothing blinks. */
function reading<Answer>(what: Reading) {
  return queryOptions({ ...fresh<Answer>(what), placeholderData: keepPreviousData })
}

export const readSession = () =>
  queryOptions({
    ...reading<Session>({ topic: 'session', path: '/session' }),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const readOverview = (range: Range) =>
  reading<Overview>({ topic: 'overview', path: '/overview', query: { range } })
export const readQueues = () => reading<Queues>({ topic: 'queues', path: '/queues' })
export const readJobs = (q: string, cursor?: string) =>
  reading<JobPage>({ topic: 'jobs', path: '/jobs', query: { q, cursor } })
export const readCompletions = () =>
  queryOptions({ ...reading<Completions>({ topic: 'completions', path: '/completions' }), staleTime: 30_000 })
export const readRetries = () => reading<Retries>({ topic: 'retries', path: '/retries' })
export const readFailed = () => reading<FailedGroups>({ topic: 'failed', path: '/failed' })
export const readWorkers = () => reading<Workers>({ topic: 'workers', path: '/workers' })
export const readLeader = () => reading<Leader>({ topic: 'leader', path: '/leader' })
export const readSchedules = () => reading<Schedules>({ topic: 'schedules', path: '/schedules' })
export const readAudit = (cursor?: string) => reading<AuditPage>({ topic: 'audit', path: '/audit', query: { cursor } })
export const readOperations = () =>
  reading<{ readonly operations: readonly Operation[] }>({ topic: 'operations', path: '/operations' })

/** Another job's facts are no stand-in for this one's. */
export const readJob = (id: string, queue?: string) =>
  fresh<JobDetail>({ topic: 'job', path: `/jobs/${encodeURIComponent(id)}`, query: { queue } })
