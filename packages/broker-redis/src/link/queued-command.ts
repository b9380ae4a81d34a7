/** Whom a reply concerns. */
export interface ReplyReader {
  /** Strings of the reply as text. */
  answer(reply: unknown): void
  fail(error: unknown): void
}

/**
 * A command as ioredis' connection wants it in its queue, and no more: ioredis' own makes a promise, four closures and two copies of the
 * arguments, and looks through tables of transformers, which is most of what a lone call costs its process. Not for a cluster,
 * whose client needs to know the keys; nor does ioredis' diagnostics channel hear of it.
 */
export class QueuedCommand {
  readonly name: string
  readonly args: readonly string[]
  readonly promise = undefined
  readonly isTraced = true
  /** Fields, not methods: instrumentation takes them off and calls them bare. */
  readonly resolve: (reply: unknown) => void
  readonly reject: (error: unknown) => void
  readonly #text: string | undefined

  /** `text`: what is written of it. Default: its `commandText`, made when it is written. */
  constructor(name: string, args: readonly string[], reader: ReplyReader, text?: string) {
    this.#text = text
    this.name = name
    this.args = args
    // Not `this.resolve = (reply) => …`: V8 places a function literal that is assigned to a property in the old generation at once.
    // What it refers to, the whole call with its jobs, would be kept and copied about until the next full collection.
    const resolve = (reply: unknown) => reader.answer(textOf(reply))
    const reject = (error: unknown) => reader.fail(error)
    this.resolve = resolve
    this.reject = reject
  }

  setReplyContext(): void {}

  toWritable(): string {
    return this.#text ?? commandText(this.name, this.args)
  }
}

/** RESP: an array of bulk strings, whose lengths are in bytes. `name` is ASCII. */
export function commandText(name: string, args: readonly string[]): string {
  let text = `*${args.length + 1}\r\n$${name.length}\r\n${name}\r\n`
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string
    text += `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`
  }
  return text
}

function textOf(reply: unknown): unknown {
  if (reply instanceof Buffer) return reply.toString()
  return Array.isArray(reply) ? reply.map(textOf) : reply
}
