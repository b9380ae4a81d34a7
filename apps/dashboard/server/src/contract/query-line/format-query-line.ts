import type { JobFilter } from './job-filter.js'

/** The line that `parseQueryLine` reads as this filter. */
export function formatQueryLine(filter: Partial<JobFilter>): string {
  const listed = (key: string, values: readonly string[] = []) => {
    const plain = values.filter((value) => isPlain(value) && !value.includes(','))
    const rest = values.filter((value) => !plain.includes(value)).map((value) => `${key}:${quote(value)}`)
    return [...(plain.length === 0 ? [] : [`${key}:${plain.join(',')}`]), ...rest]
  }
  return [
    ...listed('task', filter.tasks),
    ...listed('queue', filter.queues),
    ...listed('state', filter.states),
    ...listed('id', filter.ids),
    ...listed('fingerprint', filter.fingerprints),
    ...(filter.errors ?? []).map((value) => `error:${isPlain(value) ? value : quote(value)}`),
    ...(filter.texts ?? []).map((value) => (isPlain(value) && !value.includes(':') ? value : quote(value))),
  ].join(' ')
}

function isPlain(value: string): boolean {
  return value !== '' && !/[\s"]/.test(value)
}

function quote(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`
}
