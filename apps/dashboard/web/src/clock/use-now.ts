import { useSyncExternalStore } from 'react'
import { currentSecond, onSecond } from './second-clock.js'

/** Ms since the epoch by the server's clock; renders again every second. */
export function useNow(): number {
  return useSyncExternalStore(onSecond, currentSecond)
}
