import { DURATION_BOUNDS_MS, type TaskDurations } from '@millrace/monitor'

const NAME = 'millrace_task_duration_seconds'
const HEAD = [
  `# HELP ${NAME} How long attempts took, by task; told by workers every few seconds.`,
  `# TYPE ${NAME} histogram`,
]

/**
 * How long attempts took, as the exposition format has it. Workers count it in the store: every dashboard tells the same, and a restart
 * of one forgets nothing. The library's own histogram counts what it observes itself, and takes no counts.
 */
export function durationHistogram(durations: readonly TaskDurations[]): string {
  return [...HEAD, ...durations.flatMap(linesOf), ''].join('\n')
}

/** Buckets are cumulative here. */
function linesOf({ task, sumMs, counts }: TaskDurations): string[] {
  const label = `task="${task.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`
  let upTo = 0
  const buckets = counts.map((count, bucket) => {
    upTo += count
    const bound = DURATION_BOUNDS_MS[bucket]
    return `${NAME}_bucket{${label},le="${bound === undefined ? '+Inf' : bound / 1000}"} ${upTo}`
  })
  return [...buckets, `${NAME}_sum{${label}} ${sumMs / 1000}`, `${NAME}_count{${label}} ${upTo}`]
}
