import { z } from 'zod'
import { completionsSchema } from './completions.js'
import { jobDetailSchema, jobPageSchema, jobQuerySchema } from './job.js'
import { jobActionAnswerSchema, jobActionSchema } from './job-action.js'
import { jobIdSchema, nameSchema } from './names.js'
import {
  operationPreviewSchema,
  operationRequestSchema,
  operationSchema,
  operationsSchema,
  previewRequestSchema,
} from './operation.js'
import type { Route } from './route.js'

const noBody = z.strictObject({})
const jobParams = z.strictObject({ id: jobIdSchema })
const operationParams = z.strictObject({ id: z.string().min(1).max(64) })
const jobPlaceQuery = z.strictObject({ queue: nameSchema.optional() })

/** Jobs, one by one and many at once. */
export const JOB_ROUTES = {
  jobs: {
    method: 'GET',
    path: '/jobs',
    summary: 'Jobs that match a query line, a page at a time',
    permission: 'read',
    query: jobQuerySchema,
    answer: jobPageSchema,
  },
  completions: {
    method: 'GET',
    path: '/completions',
    summary: 'Names for the query line',
    permission: 'read',
    answer: completionsSchema,
  },
  job: {
    method: 'GET',
    path: '/jobs/:id',
    summary: 'One job with all that is known of it',
    permission: 'read',
    params: jobParams,
    query: jobPlaceQuery,
    answer: jobDetailSchema,
  },
  actOnJob: {
    method: 'POST',
    path: '/jobs/:id/actions',
    summary: 'Retry, cancel, discard, promote or postpone one job',
    permission: 'body',
    params: jobParams,
    body: jobActionSchema,
    answer: jobActionAnswerSchema,
  },
  previewOperation: {
    method: 'POST',
    path: '/operations/preview',
    summary: 'How many jobs an operation would be for; changes nothing',
    permission: 'read',
    body: previewRequestSchema,
    answer: operationPreviewSchema,
  },
  startOperation: {
    method: 'POST',
    path: '/operations',
    summary: 'Act on a selection, or on all jobs that match',
    permission: 'body',
    body: operationRequestSchema,
    status: 202,
    answer: operationSchema,
  },
  operations: {
    method: 'GET',
    path: '/operations',
    summary: 'Operations under way, and those of the last hour',
    permission: 'read',
    answer: operationsSchema,
  },
  operation: {
    method: 'GET',
    path: '/operations/:id',
    summary: 'How far an operation is',
    permission: 'read',
    params: operationParams,
    answer: operationSchema,
  },
  stopOperation: {
    method: 'POST',
    path: '/operations/:id/stop',
    summary: 'End an operation after the step that it is at; what is done stays done',
    permission: 'job.cancel',
    params: operationParams,
    body: noBody,
    answer: operationSchema,
  },
} as const satisfies Record<string, Route>
