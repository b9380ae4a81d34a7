import type { Socket } from 'node:net'
import { Command, Redis } from 'ioredis'
import type { RedisClient } from './address.js'
import { QueuedCommand, type ReplyReader } from './queued-command.js'

/** Sends a command whose reply ioredis brings into its usual form. */
export function sendCommand(client: RedisClient, name: string, args: readonly string[], reader: ReplyReader): void {
  const command = new Command(name, args as string[], { replyEncoding: 'utf8' })
  ;(client.sendCommand(command) as Promise<unknown>).then(
    (reply) => reader.answer(reply),
    (error: unknown) => reader.fail(error),
  )
}

/** Sends a command whose reply needs no form: EVALSHA, EVAL. */
export function sendScript(client: RedisClient, name: string, args: readonly string[], reader: ReplyReader): void {
  if (client instanceof Redis) client.sendCommand(new QueuedCommand(name, args, reader) as unknown as Command)
  else sendCommand(client, name, args, reader)
}

/**
 * Redis writes what a turn of its loop has for its clients in the reverse order in which they first got some. Behind a command that is
 * answered at once (in one write with it) the caller got some first, and so hears after those to whom the script publishes.
 */
export function sendScriptBehind(
  client: RedisClient,
  name: string,
  args: readonly string[],
  reader: ReplyReader,
): void {
  if (!(client instanceof Redis)) {
    sendCommand(client, name, args, reader)
    return
  }
  const both = new OneWrite(client)
  client.sendCommand(new QueuedCommand('time', [], NOBODY) as unknown as Command, both)
  client.sendCommand(new QueuedCommand(name, args, reader) as unknown as Command, both)
  both.leave()
}

const NOBODY: ReplyReader = { answer() {}, fail() {} }

/** Collects what several commands write, as ioredis' own pipelines do: one system call for all. */
class OneWrite {
  readonly isPipeline = true
  readonly destination: { readonly redis: { readonly stream: Socket } }
  #text = ''

  constructor(redis: Redis) {
    this.destination = { redis: redis as unknown as { readonly stream: Socket } }
  }

  write(text: string | Buffer): void {
    this.#text += text
  }

  leave(): void {
    if (this.#text !== '') this.destination.redis.stream.write(this.#text)
  }
}
