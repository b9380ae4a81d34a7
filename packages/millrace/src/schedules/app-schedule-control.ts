import type { ScheduledCall } from '@millrace/broker'
import type { Callable } from '@millrace/client'
import { checkName, parseSchedule, type ScheduleOptions } from '@millrace/core'
import { createScheduleControl, type MonitorScope, type ScheduleControl, type ScheduleView } from '@millrace/monitor'

/** Steering of schedules, from where the tasks are known. */
export interface AppScheduleControl extends ScheduleControl {
  /**
   * Stores a schedule at run time, or changes the one of this name: it is nobody's code, so no deployment removes it.
   * Rejects with `InvalidOptionError`, `InvalidNameError`, and as `enqueue` does.
   */
  add(name: string, spec: ScheduleOptions, call: Callable): Promise<ScheduleView>
}

export function createAppScheduleControl(
  scope: MonitorScope,
  callOf: (name: string, call: Callable) => ScheduledCall | Promise<ScheduledCall>,
): AppScheduleControl {
  const control = createScheduleControl(scope)
  return {
    ...control,
    add: async (name, spec, call) =>
      control.put({
        name: checkName('schedule', name),
        spec: parseSchedule(spec),
        call: await callOf(name, call),
      }),
  }
}
