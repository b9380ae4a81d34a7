import { text } from 'node:stream/consumers'
import { UsageError } from './cli-error.js'
import { errorText } from './error-text.js'

/** The input of a job from the command line: JSON, or `-` for JSON on stdin. Absent: no input. Throws `UsageError`. */
export async function readInput(given: string | undefined): Promise<unknown> {
  if (given === undefined) return undefined
  const json = given === '-' ? await text(process.stdin) : given
  try {
    return JSON.parse(json)
  } catch (error) {
    const hint = given === '-' ? 'stdin must hold one JSON value' : `quote it for the shell, e.g. '{"x":2}' or '"text"'`
    throw new UsageError(`The input is not JSON (${errorText(error).replace(/\.$/, '')}): ${hint}.`, { cause: error })
  }
}
