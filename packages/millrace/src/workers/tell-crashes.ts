import type { CrashedJob, JobView, Lane } from '@millrace/broker'
import { readMessage } from '@millrace/core'
import { type JobNotice, tellHooks } from '@millrace/worker'
import type { App } from '../app.js'

/** Tells the app's hooks of jobs whose worker died; of those that failed with it, too, as no worker will. Never rejects. */
export async function tellCrashes(app: App, lane: Lane, crashed: readonly CrashedJob[]): Promise<void> {
  const { hooks, logger } = app
  if (!hooks.some(({ onCrash, onFailed }) => onCrash !== undefined || onFailed !== undefined)) return
  try {
    const { inspect } = await app.broker()
    for (const { id, crashes, failed } of crashed) {
      const view = await inspect.job({ lane, id })
      const notice = noticeOf(view, lane, crashes)
      tellHooks(hooks, 'onCrash', { notice: { ...notice, failed }, logger })
      const failure = view.history.at(-1)
      if (!failed || failure === undefined) continue
      tellHooks(hooks, 'onFailed', { notice: { ...notice, failure, error: undefined }, logger })
    }
  } catch (error) {
    logger.error(
      { err: error, queue: lane.queue, jobs: crashed.map(({ id }) => id) },
      'the hooks were not told of crashes',
    )
  }
}

function noticeOf({ ref, wire, attemptsUsed }: JobView, lane: Lane, crashes: number): JobNotice {
  const message = readMessage(wire)
  return {
    jobId: ref.id,
    task: message?.task ?? '',
    queue: lane.queue,
    attempt: attemptsUsed + 1,
    crashes,
    headers: message?.extras.headers ?? {},
  }
}
