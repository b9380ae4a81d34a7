import type { Logger } from '@millrace/core'
import type { JobHooks, JobNotice } from './job-hooks.js'

/** Calls one hook of everybody who has it, in order. Nothing that they throw, now or later, gets further than the log. */
export function tellHooks<K extends keyof JobHooks>(
  hooks: readonly JobHooks[],
  hook: K,
  about: { readonly notice: Parameters<NonNullable<JobHooks[K]>>[0]; readonly logger: Logger },
): void {
  const { notice, logger } = about
  const { jobId, task } = notice as JobNotice
  const report = (error: unknown) => logger.error({ err: error, jobId, task }, `the hook ${hook} threw`)
  for (const each of hooks) {
    try {
      const told = (each[hook] as ((notice: unknown) => unknown) | undefined)?.(notice)
      if (told instanceof Promise) told.catch(report)
    } catch (error) {
      report(error)
    }
  }
}
