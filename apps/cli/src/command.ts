import type { InferredOptionTypes, Options, PositionalOptions } from 'yargs'
import type { GLOBAL_OPTIONS, GlobalArguments } from './global-options.js'
import type { Session } from './session.js'

type OptionSet = Readonly<Record<string, Options>>
type PositionalSet = Readonly<Record<string, PositionalOptions>>

/** One command: what it takes, and what it does. */
export interface Command<P extends PositionalSet = PositionalSet, O extends OptionSet = OptionSet> {
  /** As yargs reads it: `job <id>`. */
  readonly usage: string
  readonly summary: string
  readonly positionals?: P
  readonly options?: O
  /** Command lines without the leading `millrace`, and what each is for. */
  readonly examples: readonly (readonly [line: string, what: string])[]
  /** The status to exit with; nothing: 0. */
  run(
    args: InferredOptionTypes<P> & InferredOptionTypes<O> & GlobalArguments,
    session: Session,
  ): Promise<number | undefined>
}

/** A command whatever it takes. */
export interface AnyCommand extends Omit<Command, 'run'> {
  run(args: Record<string, unknown> & GlobalArguments, session: Session): Promise<number | undefined>
}

/** Types the arguments of `run` by what the command takes. */
export function defineCommand<
  const P extends PositionalSet = Record<never, never>,
  const O extends OptionSet = Record<never, never>,
>(command: Command<P, O>): AnyCommand {
  return command as unknown as AnyCommand
}

export type GlobalOptionName = keyof typeof GLOBAL_OPTIONS
