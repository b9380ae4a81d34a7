import { execFileSync } from 'node:child_process'
import type { Installed } from '../installed.js'

/** Debian's packages belong to the second one, also where another Python comes first on PATH. */
const PYTHONS = ['python3', '/usr/bin/python3']
const ASK = 'import celery, redis; print(celery.__version__)'

/** The first Python that has Celery and its Redis client; `undefined`: there is none. */
export function findCeleryPython(): { readonly python: string; readonly version: string } | undefined {
  for (const python of PYTHONS) {
    try {
      const version = execFileSync(python, ['-c', ASK], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim()
      return { python, version }
    } catch {
      // This one does not have them.
    }
  }
  return undefined
}

export function celeryInstalled(): Installed {
  const found = findCeleryPython()
  if (found !== undefined) return { version: found.version }
  return { absent: 'no python3 has celery and redis (apt-get install python3-celery python3-redis)' }
}
