import { hostname } from 'node:os'
import { app } from '../tasks.js'
import { isAlive } from './is-alive.js'

/**
 * Two demos on one Redis would run and purge each other's jobs.
 *
 * @throws Error naming the process that is in the way.
 */
export async function refuseSecondDemo(): Promise<void> {
  const broker = await app.broker()
  if (!broker.shared)
    throw new Error(`the demo's workers are processes of their own: ${broker.kind} cannot reach them, use a Redis`)
  const workers = await broker.inspect.workers()
  // Workers of a demo that was killed are still listed for a while.
  const other = workers.find(({ host, pid }) => host !== hostname() || isAlive(pid))
  if (other !== undefined) {
    throw new Error(
      `another demo uses this Redis (its worker is process ${other.pid} on ${other.host}): wait for its end, or use another Redis`,
    )
  }
}
