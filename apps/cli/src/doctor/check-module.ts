import { errorText } from '../error-text.js'
import type { Session } from '../session.js'
import { type DoctorFinding, doubtful, fine, wrong } from './doctor-finding.js'

/** Whether the app module is there, loads, and has something to run. */
export async function checkModule(session: Session): Promise<DoctorFinding[]> {
  try {
    const module = session.findModule()
    if (module === undefined) return [fine('app-module', 'no app module here; workers and enqueue need one (--app)')]
    const app = await session.loadedApp()
    const names = app.registry.names()
    const handled = names.filter((name) => app.registry.handler(name) !== undefined)
    const loaded = fine('app-module', `${module.shown} loads: app ${app.name}, ${names.length} tasks`)
    if (handled.length > 0) return [loaded]
    const fix = 'Name the module that calls .handle() with --app where workers run, and export the app from it.'
    return [loaded, doubtful('task-handlers', `${module.shown} has no task with a handler`, fix)]
  } catch (error) {
    return [wrong('app-module', errorText(error), 'Correct the module, or name another with --app.')]
  }
}
