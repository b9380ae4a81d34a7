import type { JobAction } from '../contract/index.js'
import type { HandlersOf } from './api-call.js'
import { shapeDetail, shapeSummary } from './job-shape.js'
import { filterOfLine } from './query-filter.js'
import { Refusal } from './refusal.js'

const COMPLETIONS_MS = 10_000
const MAX_NAMES = 1_000
const DAY_MS = 24 * 3_600_000
export const DEFAULT_DELAY_MS = 3_600_000

export const jobHandlers: HandlersOf<'jobs' | 'job' | 'completions' | 'actOnJob'> = {
  jobs: ({ context, query }) => {
    const { app, readings, redaction } = context
    const { q, limit, cursor } = query
    const filter = filterOfLine(q)
    return readings.page(`jobs ${JSON.stringify([q, limit, cursor])}`, async () => {
      const found = await app.monitor.search({ filter, limit, cursor, view: (job) => redaction.summary(job) })
      return { ...found, jobs: found.jobs.map((job) => shapeSummary(app, job)) }
    })
  },

  job: async ({ context, params, query }) => {
    const { app, readings } = context
    const { id } = params
    const detail = await readings.page(`job ${JSON.stringify([id, query.queue])}`, async () => {
      const job = await app.monitor.job(id, { queue: query.queue })
      return job === null ? null : shapeDetail(context, job)
    })
    if (detail !== null) return detail
    throw new Refusal('not-found', `There is no job ${id} in app ${app.name}, or it left no trace.`)
  },

  completions: ({ context }) => {
    const { app, readings, clock } = context
    const read = async () => {
      const to = clock.now()
      const [queues, series] = await Promise.all([
        readings.queues(),
        app.monitor.series({ unit: 'hour', from: to - DAY_MS, to }),
      ])
      const ran = series.flatMap(({ steps }) => steps.flatMap(({ tasks }) => tasks.map(({ task }) => task)))
      const tasks = new Set([...app.registry.names(), ...ran.filter((task) => !task.startsWith('('))])
      return {
        tasks: [...tasks].sort().slice(0, MAX_NAMES),
        queues: queues.value.map(({ queue }) => queue).slice(0, MAX_NAMES),
      }
    }
    return readings.page('completions', read, COMPLETIONS_MS)
  },

  actOnJob: async ({ context, params, body, need, about }) => {
    const { action, queue, delayMs } = body
    const how = delayText(action, delayMs)
    about(`job ${queue === undefined ? '' : `${queue}/`}${params.id}`, how)
    need(`job.${action}`)
    const answer = await context.app.control[action](params.id, { queue, delayMs })
    about(`job ${answer.queue ?? queue ?? '?'}/${params.id}`, `${how} ${answer.answer}`.trim())
    return answer
  },
}

export function delayText(action: JobAction, delayMs: number | undefined): string {
  return action === 'postpone' ? `by ${Math.round((delayMs ?? DEFAULT_DELAY_MS) / 1000)} s` : ''
}
