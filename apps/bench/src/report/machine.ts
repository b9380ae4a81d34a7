import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os'
import type { Machine } from './report.js'

export function describeMachine(): Machine {
  const processors = cpus()
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    os: `${platform()} ${release()} ${arch()}`,
    loadBefore: round(loadavg()[0] ?? 0),
    measuredAt: new Date().toISOString(),
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
