import { NODE_FIX, supportsNode } from '../node-range.js'
import { type DoctorFinding, fine, wrong } from './doctor-finding.js'

export function checkNode(version: string): DoctorFinding {
  if (supportsNode(version)) return fine('node-version', `Node ${version}`)
  return wrong('node-version', `Node ${version} is not supported`, NODE_FIX)
}
