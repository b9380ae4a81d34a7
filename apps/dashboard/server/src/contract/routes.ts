import { z } from 'zod'
import { auditPageSchema, auditQuerySchema } from './audit.js'
import { failedGroupsSchema } from './failed.js'
import { groupsQuerySchema } from './groups-query.js'
import { JOB_ROUTES } from './job-routes.js'
import { leaderSchema } from './leader.js'
import { nameSchema } from './names.js'
import { operationSchema } from './operation.js'
import { overviewQuerySchema, overviewSchema } from './overview.js'
import { queuePauseAnswerSchema, queueSchema, queuesSchema } from './queue.js'
import { retriesQuerySchema, retriesSchema } from './retry.js'
import type { Route } from './route.js'
import { scheduleRunAnswerSchema, scheduleSchema, schedulesSchema } from './schedule.js'
import { loginSchema, meSchema, sessionSchema } from './session.js'
import { resizeOrderSchema, workerOrderAnswerSchema, workerOrderSchema, workersSchema } from './worker.js'

const noBody = z.strictObject({})
const queueParams = z.strictObject({ queue: nameSchema })
const scheduleParams = z.strictObject({ name: nameSchema })

export const ROUTES = {
  session: { method: 'GET', path: '/session', summary: 'Who is signed in', permission: 'open', answer: sessionSchema },
  login: {
    method: 'POST',
    path: '/login',
    summary: 'Sign in; sets the session cookie',
    permission: 'open',
    body: loginSchema,
    answer: sessionSchema,
  },
  logout: {
    method: 'POST',
    path: '/logout',
    summary: 'End the session',
    permission: 'open',
    body: noBody,
    answer: sessionSchema,
  },
  me: { method: 'GET', path: '/me', summary: 'The user of this request', permission: 'read', answer: meSchema },
  overview: {
    method: 'GET',
    path: '/overview',
    summary: 'Sums, series, and what needs a person',
    permission: 'read',
    query: overviewQuerySchema,
    answer: overviewSchema,
  },
  queues: { method: 'GET', path: '/queues', summary: 'Every queue', permission: 'read', answer: queuesSchema },
  queue: {
    method: 'GET',
    path: '/queues/:queue',
    summary: 'One queue',
    permission: 'read',
    params: queueParams,
    answer: queueSchema,
  },
  pauseQueue: {
    method: 'POST',
    path: '/queues/:queue/pause',
    summary: 'Hand out nothing more; running jobs finish',
    permission: 'queue.pause',
    params: queueParams,
    body: noBody,
    answer: queuePauseAnswerSchema,
  },
  resumeQueue: {
    method: 'POST',
    path: '/queues/:queue/resume',
    summary: 'Hand out jobs again',
    permission: 'queue.resume',
    params: queueParams,
    body: noBody,
    answer: queuePauseAnswerSchema,
  },
  purgeQueue: {
    method: 'POST',
    path: '/queues/:queue/purge',
    summary: 'Cancel all that waits; answers the operation that does it',
    permission: 'queue.purge',
    params: queueParams,
    body: noBody,
    status: 202,
    answer: operationSchema,
  },
  ...JOB_ROUTES,
  retries: {
    method: 'GET',
    path: '/retries',
    summary: 'Next attempts by time, and jobs between attempts by task and failure',
    permission: 'read',
    query: retriesQuerySchema,
    answer: retriesSchema,
  },
  failed: {
    method: 'GET',
    path: '/failed',
    summary: 'Failed jobs by task and failure',
    permission: 'read',
    query: groupsQuerySchema,
    answer: failedGroupsSchema,
  },
  workers: { method: 'GET', path: '/workers', summary: 'Every worker', permission: 'read', answer: workersSchema },
  quietWorkers: {
    method: 'POST',
    path: '/workers/quiet',
    summary: 'Take nothing new',
    permission: 'worker.quiet',
    body: workerOrderSchema,
    answer: workerOrderAnswerSchema,
  },
  resumeWorkers: {
    method: 'POST',
    path: '/workers/resume',
    summary: 'Take jobs again after quiet',
    permission: 'worker.resume',
    body: workerOrderSchema,
    answer: workerOrderAnswerSchema,
  },
  resizeWorkers: {
    method: 'POST',
    path: '/workers/resize',
    summary: 'Run so many handlers at once',
    permission: 'worker.resize',
    body: resizeOrderSchema,
    answer: workerOrderAnswerSchema,
  },
  stopWorkers: {
    method: 'POST',
    path: '/workers/stop',
    summary: 'Drain and end',
    permission: 'worker.stop',
    body: workerOrderSchema,
    answer: workerOrderAnswerSchema,
  },
  leader: {
    method: 'GET',
    path: '/leader',
    summary: 'Who leads, and who led',
    permission: 'read',
    answer: leaderSchema,
  },
  schedules: {
    method: 'GET',
    path: '/schedules',
    summary: 'Every schedule',
    permission: 'read',
    answer: schedulesSchema,
  },
  pauseSchedule: {
    method: 'POST',
    path: '/schedules/:name/pause',
    summary: 'Fire no ticks; those meanwhile are not made up for',
    permission: 'schedule.pause',
    params: scheduleParams,
    body: noBody,
    answer: scheduleSchema,
  },
  resumeSchedule: {
    method: 'POST',
    path: '/schedules/:name/resume',
    summary: 'Fire ticks again',
    permission: 'schedule.resume',
    params: scheduleParams,
    body: noBody,
    answer: scheduleSchema,
  },
  runSchedule: {
    method: 'POST',
    path: '/schedules/:name/run',
    summary: 'Enqueue its job now, beside its ticks',
    permission: 'schedule.run',
    params: scheduleParams,
    body: noBody,
    answer: scheduleRunAnswerSchema,
  },
  audit: {
    method: 'GET',
    path: '/audit',
    summary: 'Who did what',
    permission: 'audit.read',
    query: auditQuerySchema,
    answer: auditPageSchema,
  },
  events: {
    method: 'GET',
    path: '/events',
    summary: 'Server-sent events: what may read differently now',
    permission: 'read',
    answer: 'events',
  },
  openapi: {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This API as an OpenAPI 3.1 document',
    permission: 'read',
    answer: 'openapi',
  },
} as const satisfies Record<string, Route>

export type RouteName = keyof typeof ROUTES
