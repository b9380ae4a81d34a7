import { text } from 'node:stream/consumers'
import { UsageError } from './cli-error.js'
import { errorText } from './error-text.js'
import { STDIN } from './stdin-word.js'

/** The input of a job from the command line: JSON, or `STDIN` for what comes in there. Absent: no input. Throws `UsageError`. */
export async function readInput(given: string | undefined): Promise<unknown> {
  if (given === undefined) return undefined
  const json = given === STDIN ? await text(process.stdin) : given
  try {
    return JSON.parse(json)
  } catch (error) {
    const hint =
      given === STDIN ? 'stdin must hold one JSON value' : `quote it for the shell, e.g. '{"x":2}' or '"text"'`
    throw new UsageError(`The input is not JSON (${errorText(error).replace(/\.$/, '')}): ${hint}.`, { cause: error })
  }
}
