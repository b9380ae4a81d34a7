import { randomBytes, randomUUID } from 'node:crypto'

/** Random per process: two processes on one host, or in one container image, never share it. */
const PROCESS_IDENTITY = randomBytes(8).toString('hex')

/** Random per term too, so that a late renewal or release of an old term cannot touch a newer one of the same process. */
export function newHolder(): string {
  return `${PROCESS_IDENTITY}.${randomUUID()}`
}
