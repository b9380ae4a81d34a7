import type { Logger } from '@millrace/core'
import { type HealthServer, type Readiness, startHealthServer } from './health-server.js'

export const HEALTH_OPTION = {
  'health-port': {
    type: 'string',
    requiresArg: true,
    describe: 'Answer probes there: /healthz and /readyz. A port, or host:port',
  },
} as const

/** Starts what `--health-port` asks for; nothing without it. */
export async function startHealth(
  where: string | undefined,
  logger: Logger,
  read: () => Readiness,
): Promise<HealthServer | undefined> {
  if (where === undefined) return undefined
  const server = await startHealthServer(where, read)
  logger.info({ port: server.port }, 'answering /healthz and /readyz')
  return server
}
