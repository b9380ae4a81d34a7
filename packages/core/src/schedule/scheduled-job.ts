const PREFIX = 'schedule:'
const OFFSET_BASIS = 0x811c9dc5
const PRIME = 0x01000193

/** The id of the job that a tick makes: two leaders that fire one tick make one job. */
export function scheduledJobId(name: string, tick: number): string {
  return `${PREFIX}${name}:${tick}`
}

/** What ids of one schedule's jobs have in common; of any other id, the id: all jobs of a schedule share a lane by it. */
export function routeOfJobId(id: string): string {
  if (!id.startsWith(PREFIX)) return id
  const end = id.lastIndexOf(':')
  return end < PREFIX.length ? id : id.slice(0, end)
}

/** When the job of a tick becomes ready: 0 … `jitterMs` after it, always the same for one name and tick. */
export function jitteredTick(name: string, tick: number, jitterMs: number): number {
  if (jitterMs === 0) return tick
  let hash = OFFSET_BASIS
  for (const character of `${name}:${tick}`) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), PRIME)
  // FNV alone leaves neighbouring ticks close together.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return tick + Math.floor((((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296) * (jitterMs + 1))
}
