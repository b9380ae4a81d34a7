import { UnknownTaskError } from '@millrace/core'
import type { App } from 'millrace'
import { CliError } from './cli-error.js'

/** The task of this name in the app module. Throws `CliError`, with what there is, for none. */
export function taskNamed(app: App, name: string) {
  const known = app.registry.names()
  const task = app.registry.definition(name) === undefined ? undefined : app.taskNamed(name)
  if (task !== undefined) return task
  const error = new UnknownTaskError({ task: name, known })
  const list =
    known.length === 0
      ? ' It defines none.'
      : ` It defines ${known.slice(0, 10).join(', ')}${known.length > 10 ? ', …' : ''}.`
  throw new CliError(
    `${error.message.replace('is registered here: define it and import the module that does.', 'is in the app module.')}${list}`,
  )
}
