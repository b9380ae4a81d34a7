import { sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** `file:line:column` of the topmost frame of an error in this folder. Source-mapped frames have paths, others URLs. */
export function errorPlace(error: unknown, folder: string): string | undefined {
  const frames = error instanceof Error && typeof error.stack === 'string' ? error.stack.split('\n').slice(1) : []
  for (const frame of frames) {
    const [, where = '', position = ''] = /(?:\(|at )((?:file:\/\/)?\/[^\s()]+?)(:\d+:\d+)\)?$/.exec(frame) ?? []
    const file = where.startsWith('file:') ? fileURLToPath(where.replace(/\?.*$/, '')) : where
    if (file.startsWith(`${folder}${sep}`) && !file.includes(`${sep}node_modules${sep}`)) return `${file}${position}`
  }
  return undefined
}
