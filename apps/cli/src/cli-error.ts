/** A mistake of the user or of the surroundings, as one sentence that says the fix. Exit status 1. */
export class CliError extends Error {
  readonly exitCode: number = 1
  override readonly name: string = 'CliError'
}

/** The command line itself is wrong. Exit status 2. */
export class UsageError extends CliError {
  override readonly exitCode = 2
  override readonly name = 'UsageError'
}
