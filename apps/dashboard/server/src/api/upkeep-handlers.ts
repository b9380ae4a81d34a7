import type { ScheduleView } from '@millrace/monitor'
import type { Schedule } from '../contract/index.js'
import type { HandlersOf } from './api-call.js'
import type { ApiContext } from './api-context.js'
import { Refusal } from './refusal.js'

/** Who leads, what the schedules do, and who did what. */
export const upkeepHandlers: HandlersOf<
  'leader' | 'schedules' | 'pauseSchedule' | 'resumeSchedule' | 'runSchedule' | 'audit'
> = {
  leader: async ({ context }) => {
    const { at, value } = await context.readings.leader()
    if (value === null) return { at, term: null, past: [] }
    const { past, ...term } = value
    return { at, term, past: [...past] }
  },

  schedules: async ({ context }) => {
    const { at, value } = await context.readings.schedules()
    return { at, schedules: (value ?? []).map((view) => shapeSchedule(context, view)), supported: value !== null }
  },

  pauseSchedule: async ({ context, params, about }) => {
    about(`schedule ${params.name}`)
    await checkSchedule(context, params.name)
    return shapeSchedule(context, await context.app.control.schedules.pause(params.name))
  },

  resumeSchedule: async ({ context, params, about }) => {
    about(`schedule ${params.name}`)
    await checkSchedule(context, params.name)
    return shapeSchedule(context, await context.app.control.schedules.resume(params.name))
  },

  runSchedule: async ({ context, params, about }) => {
    about(`schedule ${params.name}`)
    await checkSchedule(context, params.name)
    const answer = await context.app.control.schedules.run(params.name)
    about(`schedule ${params.name}`, `job ${answer.queue}/${answer.id}`)
    return answer
  },

  audit: async ({ context, query }) => {
    const { limit, cursor } = query
    const page = await context.app.monitor.audit(cursor === undefined ? { limit } : { limit, cursor })
    return { entries: page.records.map((record) => ({ ...record })), cursor: page.cursor ?? null }
  },
}

function shapeSchedule({ redaction }: ApiContext, view: ScheduleView): Schedule {
  const { spec: _, ...rest } = view
  return { ...rest, input: redaction.value(view.task, 'input', view.input) ?? null }
}

async function checkSchedule({ readings }: ApiContext, name: string): Promise<void> {
  const { value } = await readings.schedules()
  if (value?.some((view) => view.name === name) === true) return
  throw new Refusal('not-found', value === null ? 'This broker keeps no schedules.' : `There is no schedule ${name}.`)
}
