import type { SchedulesPort } from '@millrace/broker'
import { BrokerUnfitError } from '@millrace/core'
import type { MonitorScope } from './monitor-scope.js'

/** The schedules of the app's broker. Throws `BrokerUnfitError` where its driver keeps none. */
export async function schedulesOf(scope: MonitorScope): Promise<SchedulesPort> {
  const { kind, schedules } = await scope.broker()
  if (schedules !== undefined) return schedules
  throw new BrokerUnfitError({
    what: `the broker (${kind}) keeps no schedules`,
    fix: 'use a redis:// broker, or let something else enqueue at the times',
  })
}
