import { BrokerUnfitError, MillraceError } from '@millrace/core'
import { eachSchedule, putSchedules } from '@millrace/monitor'
import type { App } from '../app.js'
import { deploymentId, readDeployment } from './deployment.js'

const FIRST_RETRY_MS = 500
const MOST_RETRY_MS = 10_000
const REMOVED_A_CALL = 500

/**
 * Makes the store's schedules of this app's owner those of this code: new and changed ones are stored, those that the code no
 * longer has are removed. Does nothing where the code has none, or where a newer deployment has been here since (an old worker that
 * restarts in the middle of a deploy). Tries until the broker is there or `signal` aborts. Rejects for what no retry mends.
 */
export async function storeCodeSchedules(app: App, signal: AbortSignal): Promise<void> {
  if (app.codeSchedules().size === 0) return
  for (let waitMs = FIRST_RETRY_MS; !signal.aborted; waitMs = Math.min(waitMs * 2, MOST_RETRY_MS)) {
    try {
      return await store(app)
    } catch (error) {
      if (!(error instanceof MillraceError) || error.code !== 'BROKER_UNAVAILABLE') throw error
      app.logger.warn({ err: error }, 'the schedules could not be stored; trying again')
      await pause(waitMs, signal)
    }
  }
}

async function store(app: App): Promise<void> {
  const deployment = readDeployment()
  const { owner } = deployment
  const wanted = await app.codeSchedules().definitions(owner)
  const broker = await app.broker()
  const { schedules } = broker
  if (schedules === undefined) {
    throw new BrokerUnfitError({ what: `the broker (${broker.kind}) keeps no schedules`, fix: 'use a redis:// broker' })
  }
  const id = deploymentId(deployment, wanted)
  const current = async () => (await schedules.claim(owner, id)) !== 'superseded'
  if (!(await current())) {
    app.logger.warn(
      { owner },
      'a newer deployment has stored its schedules: these are left out. To go back to this code, set MILLRACE_DEPLOYMENT to a value that was not used before',
    )
    return
  }
  const scope = { app: app.name, broker: () => app.broker() }
  const changed = await putSchedules(scope, wanted, { goOn: current })
  const names = new Set(wanted.map(({ name }) => name))
  const gone: string[] = []
  await eachSchedule(scope, (stored) => {
    if (stored.owner === owner && !names.has(stored.name)) gone.push(stored.name)
  })
  // Asked again: a newer deployment may have come while this one was writing.
  if (gone.length > 0 && (await current())) {
    for (let from = 0; from < gone.length; from += REMOVED_A_CALL) {
      await schedules.remove(gone.slice(from, from + REMOVED_A_CALL))
    }
    app.logger.info({ schedules: gone, owner }, 'schedules removed that the code no longer has')
  }
  if (changed.length > 0) app.logger.info({ schedules: changed.length, owner }, 'schedules stored')
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
