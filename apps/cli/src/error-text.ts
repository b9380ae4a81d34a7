import { describeValue, hideCredentials } from '@millrace/core'

/** What went wrong, in one line: passwords hidden, control characters taken out. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : describeValue(error)
  return hideCredentials(text)
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
}

/** The stack with those of its causes. */
export function errorStack(error: unknown): string {
  const parts: string[] = []
  for (let at: unknown = error, depth = 0; at !== undefined && depth < 5; depth++) {
    parts.push(at instanceof Error ? (at.stack ?? at.message) : describeValue(at))
    at = at instanceof Error ? at.cause : undefined
  }
  return hideCredentials(parts.join('\ncaused by '))
}
