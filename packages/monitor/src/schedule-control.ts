import { randomUUID } from 'node:crypto'
import { type ScheduleDefinition, type StoredSchedule, scheduledJob } from '@millrace/broker'
import { checkName, MillraceError, scheduledJobId, UniqueConflictError } from '@millrace/core'
import { callOptions, type MonitorScope } from './monitor-scope.js'
import { definitionOf, putSchedules, startingAt } from './put-schedules.js'
import { schedulesOf } from './schedule-port.js'
import { findSchedule, type ScheduleView, viewSchedule } from './schedule-view.js'

/** Steering of schedules. Answers are plain data. Calls that name one reject with `InvalidOptionError` where there is none. */
export interface ScheduleControl {
  /** Stores a schedule, or changes the one of this name. */
  put(definition: ScheduleDefinition): Promise<ScheduleView>
  /** No tick fires until `resume`, and those meanwhile are not made up for. */
  pause(name: string): Promise<ScheduleView>
  resume(name: string): Promise<ScheduleView>
  /** Removes it; jobs that it made stay. One that code defines comes back with the next worker of that deployment. */
  remove(name: string): Promise<{ readonly name: string; readonly removed: boolean }>
  /** Enqueues its job now, beside its ticks. Rejects with `UniqueConflictError` where its overlap rule forbids it. */
  run(name: string): Promise<{ readonly name: string; readonly id: string; readonly queue: string }>
}

export function createScheduleControl(scope: MonitorScope): ScheduleControl {
  return {
    put: (definition) => putOne(scope, definition),
    pause: (name) => setPaused(scope, name, true),
    resume: (name) => setPaused(scope, name, false),
    remove: async (name) => {
      const schedules = await schedulesOf(scope)
      return { name, removed: (await schedules.remove([name], callOptions(scope))) > 0 }
    },
    run: (name) => runNow(scope, name),
  }
}

async function putOne(scope: MonitorScope, definition: ScheduleDefinition): Promise<ScheduleView> {
  checkName('schedule', definition.name)
  await putSchedules(scope, [definition])
  return viewSchedule((await findSchedule(scope, definition.name)).stored)
}

const TRIES = 10

async function setPaused(scope: MonitorScope, name: string, paused: boolean): Promise<ScheduleView> {
  const schedules = await schedulesOf(scope)
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const { stored, now } = await findSchedule(scope, name)
    if (stored.paused === paused) return viewSchedule(stored)
    const put = {
      definition: definitionOf(stored),
      seen: stored.revision,
      paused,
      ...startingAt(stored.spec, { ...stored, paused }, now),
    }
    const [done] = await schedules.put([put], callOptions(scope))
    if (done) return viewSchedule((await findSchedule(scope, name)).stored)
  }
  throw new MillraceError('INTERNAL', `schedule ${name} was changed by others ${TRIES} times in a row`)
}

async function runNow(scope: MonitorScope, name: string) {
  const { stored, now } = await findSchedule(scope, name)
  // No tick's id, so that it takes no tick's place; routed as theirs are.
  const job = {
    ...scheduledJob(atOnce(stored), now, { now, early: false }),
    id: `${scheduledJobId(name, now)}-${randomUUID().slice(0, 8)}`,
  }
  const { lane } = stored.call
  const { producer } = await scope.broker()
  const [answer] = await producer.enqueue(lane, [job], callOptions(scope))
  if (answer?.kind === 'conflict') throw new UniqueConflictError({ key: name, holder: answer.holder })
  return { name, id: job.id, queue: lane.queue }
}

function atOnce(stored: StoredSchedule): ScheduleDefinition {
  return { ...definitionOf(stored), spec: { ...stored.spec, jitterMs: 0 } }
}
