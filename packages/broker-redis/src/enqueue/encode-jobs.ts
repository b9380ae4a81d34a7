import type { JobAttrs, NewJob } from '@millrace/broker'

/**
 * The arguments of enqueue.lua: two places that its session fills, who waits for their ends, then the ordinary jobs at the head of the batch as pairs, from the first other one
 * on quadruples. Their order is kept: it is the order in which they run.
 */
export function encodeJobs(jobs: readonly NewJob[], waiter: string): string[] {
  let plain = 0
  while (plain < jobs.length && jobs[plain]?.attrs === undefined) plain++
  const args = new Array<string>(4 + 2 * plain + 4 * (jobs.length - plain))
  args[0] = args[1] = ''
  args[2] = waiter
  args[3] = String(plain)
  let at = 4
  for (let i = 0; i < jobs.length; i++) {
    const { id, message, attrs } = jobs[i] as NewJob
    args[at++] = id
    args[at++] = message
    if (i < plain) continue
    args[at++] = attrs === undefined ? '' : storedAttrs(attrs)
    args[at++] = attrs === undefined ? '' : instructions(attrs)
  }
  return args
}

/** What stays with the job until it ends (docs/KEYSPACE.md, attrs); '' when nothing must. */
function storedAttrs(attrs: JobAttrs): string {
  const { named, priority, unique, atMostOnce, maxCrashes, waitsFor, joins } = attrs
  if (
    !named &&
    !priority &&
    !unique &&
    !atMostOnce &&
    maxCrashes === undefined &&
    waitsFor === undefined &&
    !joins &&
    attrs.expiresMs === undefined
  ) {
    return ''
  }
  return JSON.stringify({
    ...(named ? { n: 1 } : {}),
    ...(priority ? { p: priority } : {}),
    ...(unique ? { u: unique.key, ...(unique.until === 'started' ? { s: 1 } : {}) } : {}),
    ...(atMostOnce ? { m: 1 } : {}),
    ...(maxCrashes === undefined ? {} : { c: maxCrashes }),
    ...(waitsFor === undefined ? {} : { w: waitsFor }),
    ...(joins ? { j: [joins.lane.queue, joins.lane.index, joins.id, joins.index] } : {}),
  })
}

/** What only the enqueue itself needs; the short forms are for jobs that are merely named or delayed. */
function instructions(attrs: JobAttrs): string {
  const { named, priority, unique, expiresMs, waitsFor, delayMs, at } = attrs
  if (!priority && !unique && expiresMs === undefined && waitsFor === undefined) {
    if (named) {
      if (delayMs === undefined && at === undefined) return 'n'
    } else {
      if (delayMs !== undefined) return `d${Math.round(delayMs)}`
      if (at !== undefined) return `a${Math.round(at)}`
    }
  }
  return JSON.stringify({
    ...(delayMs === undefined ? {} : { d: Math.round(delayMs) }),
    ...(at === undefined ? {} : { a: Math.round(at) }),
    ...(unique
      ? { u: unique.key, ...(unique.forMs === undefined ? {} : { uf: Math.max(1, Math.round(unique.forMs)) }) }
      : {}),
    ...(named ? { n: 1 } : {}),
    ...(waitsFor === undefined ? {} : { w: waitsFor }),
    ...(expiresMs === undefined ? {} : { x: Math.round(expiresMs) }),
    ...(priority ? { p: priority } : {}),
  })
}
