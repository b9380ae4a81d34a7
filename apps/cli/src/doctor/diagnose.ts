import { ERROR_CATALOGUE, MillraceError } from '@millrace/core'
import { type HealthView, viewHealth } from '@millrace/monitor'
import { errorText } from '../error-text.js'
import type { Session } from '../session.js'
import { checkModule } from './check-module.js'
import { checkNode } from './check-node.js'
import { checkPeople } from './check-people.js'
import { type DoctorFinding, fine, wrong } from './doctor-finding.js'

/** Everything that `millrace doctor` looks at. What cannot be looked at is a finding, not an error. */
export async function diagnose(session: Session): Promise<HealthView> {
  const findings: DoctorFinding[] = [checkNode(process.versions.node)]
  const module = await checkModule(session)
  findings.push(...module)
  if (module.every((finding) => finding.level !== 'error')) findings.push(...(await checkBroker(session)))
  return viewHealth(findings)
}

async function checkBroker(session: Session): Promise<DoctorFinding[]> {
  try {
    const monitor = await session.monitor()
    const { findings } = await monitor.health()
    const store = findings.map((finding) => ({ ...finding, fix: finding.fix ?? undefined }))
    // A store that does not answer has been found wrong already.
    if (store.some((finding) => finding.level === 'error' && UNREACHABLE.test(finding.code))) return store
    const app = await session.app()
    const people = await checkPeople(monitor).catch((error: unknown) => [trouble(error)])
    return [fine('broker', `app ${app.name} reaches its broker`), ...store, ...people]
  } catch (error) {
    return [trouble(error)]
  }
}

/** An error of a check: what it says, and what its catalogue says to do. */
function trouble(error: unknown): DoctorFinding {
  const code = error instanceof MillraceError ? error.code : 'BROKER_UNAVAILABLE'
  if (code === 'BROKER_UNAVAILABLE') {
    return wrong('broker', errorText(error), 'Start the broker, or name its URL with --broker or MILLRACE_BROKER.')
  }
  return wrong(code.toLowerCase().replaceAll('_', '-'), errorText(error), ERROR_CATALOGUE[code].fix)
}

const UNREACHABLE = /unreachable|connection|unavailable/
