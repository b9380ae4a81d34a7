import { wholeText } from './duration-text.js'

/** `4m 12s ago`, `in 8s`, `now`. */
export function relativeTime(at: number, now: number): string {
  const distance = at - now
  if (Math.abs(distance) < 1_000) return 'now'
  return distance > 0 ? `in ${wholeText(distance)}` : `${coarse(-distance)} ago`
}

/** What is past is told in one unit: it need not tick. */
function coarse(ms: number): string {
  const [first = '0s'] = wholeText(ms).split(' ')
  return first
}
