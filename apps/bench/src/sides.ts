import { MILLRACE, rivalEntry } from './rivals/catalogue.js'
import type { RivalEntry } from './rivals/rival-entry.js'
import { type PostgresCluster, startPostgresCluster } from './stores/postgres-cluster.js'
import { openPostgresStore } from './stores/postgres-store.js'
import { openRedisStore } from './stores/redis-store.js'
import type { OpenStore } from './stores/store.js'

/** Who takes part in a run, and on what. */
export interface Sides {
  /** Millrace first. */
  readonly entries: readonly RivalEntry[]
  /** Of those that take part, and of PostgreSQL where one of them needs it. */
  readonly versions: Readonly<Record<string, string>>
  /** Asked for but not here, with the reason. */
  readonly absent: Readonly<Record<string, string>>
  storeFor(entry: RivalEntry): OpenStore
  /** Ends what they share. */
  close(): Promise<void>
}

/** Finds out which of the rivals can be measured here, and starts a PostgreSQL for those that need one. */
export async function openSides(rivals: readonly RivalEntry[]): Promise<Sides> {
  const entries: RivalEntry[] = []
  const versions: Record<string, string> = {}
  const absent: Record<string, string> = {}
  let cluster: PostgresCluster | Error | undefined
  for (const entry of [rivalEntry(MILLRACE), ...rivals.filter(({ name }) => name !== MILLRACE)]) {
    const installed = entry.installed()
    if ('absent' in installed) absent[entry.name] = installed.absent
    else if (entry.store === 'postgres') {
      cluster ??= await startPostgresCluster().catch((error: unknown) => error as Error)
      if (cluster instanceof Error) absent[entry.name] = cluster.message
    }
    if ('absent' in installed || absent[entry.name] !== undefined) continue
    entries.push(entry)
    versions[entry.name] = installed.version
  }
  const postgres = cluster instanceof Error ? undefined : cluster
  return {
    entries,
    versions: { ...(postgres === undefined ? {} : { postgresql: postgres.version }), ...versions },
    absent,
    storeFor: (entry) =>
      entry.store === 'postgres' ? () => openPostgresStore(postgres as PostgresCluster) : openRedisStore,
    close: async () => await postgres?.close(),
  }
}
