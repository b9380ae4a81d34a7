import type { LiveEvent } from '@millrace/dashboard/contract'
import { useSyncExternalStore } from 'react'

export interface LiveState {
  /** `connecting`: not yet, or not any more; `broker-lost`: the server is there, its broker is not. */
  readonly link: 'connecting' | 'live' | 'broker-lost'
  readonly latest: LiveEvent | undefined
}

let state: LiveState = { link: 'connecting', latest: undefined }
const listeners = new Set<() => void>()

export function setLiveState(change: Partial<LiveState>): void {
  state = { ...state, ...change }
  for (const listener of listeners) listener()
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => state,
  )
}
