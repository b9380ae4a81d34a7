import { type DoctorFinding, fine, wrong } from './doctor-finding.js'

/** The same range as `engines` of every package. */
export function checkNode(version: string): DoctorFinding {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  const fits =
    (major === 22 && (minor > 22 || (minor === 22 && patch >= 2))) || (major === 24 && minor >= 15) || major >= 26
  if (fits) return fine('node-version', `Node ${version}`)
  return wrong(
    'node-version',
    `Node ${version} is not supported`,
    'Install Node 22.22.2 or later, 24.15 or later, or 26.',
  )
}
