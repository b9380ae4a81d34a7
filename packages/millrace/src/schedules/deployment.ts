import { createHash } from 'node:crypto'
import type { ScheduleDefinition } from '@millrace/broker'
import { InvalidOptionError } from '@millrace/core'

const DEFAULT_OWNER = 'app'
const FORM = /^(?:([A-Za-z0-9][A-Za-z0-9._:-]{0,127})@)?([^\s@]{1,200})$/

export interface Deployment {
  /** Whose schedules these are. Programs of one app that define different schedules need different owners. */
  readonly owner: string
  /** What was given as the version; '' without one. */
  readonly version: string
}

/** `MILLRACE_DEPLOYMENT`: `version` or `owner@version`. Throws `InvalidOptionError`. */
export function readDeployment(given = process.env.MILLRACE_DEPLOYMENT?.trim() ?? ''): Deployment {
  if (given === '') return { owner: DEFAULT_OWNER, version: '' }
  const [, owner = DEFAULT_OWNER, version] = FORM.exec(given) ?? []
  if (version !== undefined) return { owner, version }
  throw new InvalidOptionError({
    option: 'MILLRACE_DEPLOYMENT',
    found: given,
    expected: "a version such as '2026-01-31.1' or a commit, or owner@version",
  })
}

/** Tells one deployment of an owner from another: by its version, and by what it schedules. */
export function deploymentId({ version }: Deployment, definitions: readonly ScheduleDefinition[]): string {
  return createHash('sha256')
    .update(JSON.stringify([version, definitions]))
    .digest('base64url')
    .slice(0, 22)
}
