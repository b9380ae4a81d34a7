import type { Clock } from '@millrace/core'
import { AppStore } from './app-store.js'

const stores = new Map<string, { readonly store: AppStore; users: number }>()

/** The store of an app in this process, shared by all brokers that are open on it. The first one's clock counts. */
export function acquireStore(key: string, clock: Clock): AppStore {
  let entry = stores.get(key)
  if (entry === undefined) {
    entry = { store: new AppStore(clock), users: 0 }
    stores.set(key, entry)
  }
  entry.users += 1
  return entry.store
}

/** Drops the store with its last user. */
export function releaseStore(key: string): void {
  const entry = stores.get(key)
  if (entry === undefined) return
  entry.users -= 1
  if (entry.users === 0) stores.delete(key)
}
