import { type Clock, systemClock } from '@millrace/core'
import { StoreCoordinator } from '../campaign/store-coordinator.js'
import type { Coordinator } from '../coordinator.js'
import { MemoryStore, SharedLocks } from './memory-store.js'

export interface MemoryCoordinatorOptions {
  /** Coordinators of one name in one process compete with each other. Default `default`. */
  readonly name?: string
  /** Default: the system's. For tests. */
  readonly clock?: Clock
}

const sharedByName = new Map<string, SharedLocks>()

/** Locks and elections among the parts of one process. For tests and for apps that are one process. */
export function memoryCoordinator(options: MemoryCoordinatorOptions = {}): Coordinator {
  const name = options.name ?? 'default'
  const clock = options.clock ?? systemClock
  const shared = sharedByName.get(name) ?? new SharedLocks()
  sharedByName.set(name, shared)
  return new StoreCoordinator({ kind: 'memory', store: new MemoryStore(shared, clock), clock })
}
