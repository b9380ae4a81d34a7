import type { JobFilter } from '@millrace/monitor'
import { parseQueryLine } from '../contract/index.js'
import { Refusal } from './refusal.js'

/** The filter of a query line; throws `Refusal` with the place of each problem. */
export function filterOfLine(line: string): JobFilter {
  const { filter, problems } = parseQueryLine(line)
  const [first] = problems
  if (first === undefined) return filter
  throw new Refusal('invalid-request', first.message, {
    issues: problems.map(({ from, to, message }) => ({ path: `q[${from}..${to}]`, message })),
  })
}
