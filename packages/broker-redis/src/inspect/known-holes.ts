/** The first patch release of each branch (major.minor) with the fix. */
type FixedIn = Readonly<Record<string, number>>

interface Hole {
  readonly ids: readonly string[]
  /** Branches before this one do not have it. */
  readonly affectedFrom: string
  /** Branches from this one on have always had the fix. */
  readonly fineFrom: string
  /** A branch between the two that is missing here has no fix that is known. */
  readonly fixedIn: FixedIn
}

/**
 * Holes that let somebody who may send commands run code on the server: scripts and blocking commands are what Millrace's
 * users must be allowed. As published by Redis and Valkey until July 2026.
 */
const HOLES: Readonly<Record<'redis' | 'valkey', readonly Hole[]>> = {
  redis: [
    { ids: ['CVE-2024-46981'], affectedFrom: '0.0', fineFrom: '8.0', fixedIn: { '7.2': 7, '7.4': 2 } },
    {
      ids: ['CVE-2025-49844', 'CVE-2025-46817', 'CVE-2025-46818'],
      affectedFrom: '0.0',
      fineFrom: '8.4',
      fixedIn: { '7.2': 11, '7.4': 6, '8.0': 4, '8.2': 2 },
    },
    {
      ids: ['CVE-2026-23479'],
      affectedFrom: '7.2',
      fineFrom: '8.8',
      fixedIn: { '7.4': 9, '8.2': 6, '8.4': 3, '8.6': 3 },
    },
  ],
  valkey: [
    { ids: ['CVE-2024-46981'], affectedFrom: '0.0', fineFrom: '8.1', fixedIn: { '7.2': 8, '8.0': 2 } },
    {
      ids: ['CVE-2025-49844', 'CVE-2025-46817', 'CVE-2025-46818'],
      affectedFrom: '0.0',
      fineFrom: '9.0',
      fixedIn: { '7.2': 11, '8.0': 6, '8.1': 4 },
    },
    {
      ids: ['CVE-2026-23479'],
      affectedFrom: '7.2',
      fineFrom: '9.1',
      fixedIn: { '7.2': 13, '8.0': 8, '8.1': 7, '9.0': 4 },
    },
  ],
}

/** The ids of the holes that a release is known to have. Packages of a distribution may be patched under an old number. */
export function knownHoles(server: 'redis' | 'valkey', version: string): readonly string[] {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10))
  if (!Number.isFinite(major) || major === 0) return []
  const branch = `${major}.${minor}`
  const open = HOLES[server].filter(({ affectedFrom, fineFrom, fixedIn }) => {
    if (rank(branch) < rank(affectedFrom) || rank(branch) >= rank(fineFrom)) return false
    const fixed = fixedIn[branch]
    return fixed === undefined || patch < fixed
  })
  return open.flatMap((hole) => hole.ids)
}

function rank(branch: string): number {
  const [major = 0, minor = 0] = branch.split('.').map(Number)
  return major * 1_000 + minor
}
