import type { ApiHandlers } from './api-call.js'
import { failureHandlers } from './failure-handlers.js'
import { jobHandlers } from './job-handlers.js'
import { openApiDocument } from './open-api.js'
import { operationHandlers } from './operation-handlers.js'
import { overviewHandlers } from './overview-handlers.js'
import { queueHandlers } from './queue-handlers.js'
import { Refusal } from './refusal.js'
import { sessionHandlers } from './session-handlers.js'
import { upkeepHandlers } from './upkeep-handlers.js'
import { workerHandlers } from './worker-handlers.js'

export const apiHandlers: ApiHandlers = {
  ...sessionHandlers,
  ...overviewHandlers,
  ...queueHandlers,
  ...jobHandlers,
  ...operationHandlers,
  ...failureHandlers,
  ...workerHandlers,
  ...upkeepHandlers,

  events: ({ context, identity }) => {
    const stream = context.watch.open(async () => (await identity?.lasts()) ?? false)
    if (stream === undefined) throw new Refusal('too-many-requests', 'Too many pages are open: close some.')
    return new Response(stream, { headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' } })
  },

  openapi: ({ request }) => {
    const { pathname } = new URL(request.url)
    return Response.json(openApiDocument(pathname.replace(/\/openapi\.json$/, '')))
  },
}
