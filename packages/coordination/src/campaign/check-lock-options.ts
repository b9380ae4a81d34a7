import { InvalidOptionError } from '@millrace/core'
import { MAX_TTL_MS, MIN_TTL_MS } from './trust-window.js'

export function checkTtl(option: string, ttlMs: number): number {
  if (typeof ttlMs === 'number' && ttlMs >= MIN_TTL_MS && ttlMs <= MAX_TTL_MS) return Math.round(ttlMs)
  throw new InvalidOptionError({ option, found: ttlMs, expected: `a number of ms, ${MIN_TTL_MS} to ${MAX_TTL_MS}` })
}

export function checkWait(option: string, waitMs: number): number {
  if (typeof waitMs === 'number' && waitMs >= 0 && waitMs <= MAX_TTL_MS) return waitMs
  throw new InvalidOptionError({ option, found: waitMs, expected: `a number of ms, 0 to ${MAX_TTL_MS}` })
}

/** The name of an election or lock: it becomes part of a key, so it is kept short and without anything unprintable. */
export function checkResource(option: string, name: string): string {
  if (typeof name === 'string' && /^[^\s\p{Cc}]{1,200}$/u.test(name) && name.isWellFormed()) return name
  throw new InvalidOptionError({ option, found: name, expected: '1 to 200 characters without whitespace' })
}
