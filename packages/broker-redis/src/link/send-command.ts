import type { Socket } from 'node:net'
import { Command, Redis } from 'ioredis'
import type { RedisClient } from './address.js'
import { commandText, QueuedCommand, type ReplyReader } from './queued-command.js'

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
  const { commandQueue, stream } = client as unknown as Inside
  // Refused as it is; a place in the queue without a command behind it would give each reply to the wrong call.
  if (client.status !== 'ready' || !stream?.writable) {
    sendScript(client, name, args, reader)
    return
  }
  // All that can go wrong comes first: from the first place on, both are in the queue. A connection that is lost empties it.
  const text = PING.toWritable() + commandText(name, args)
  commandQueue.push({ command: PING, select: 0 })
  client.sendCommand(new QueuedCommand(name, args, reader, text) as unknown as Command)
}

/** What ioredis keeps of the commands that it has written, in their order, and what it writes them to. */
interface Inside {
  readonly commandQueue: { push(item: { readonly command: QueuedCommand; readonly select: number }): void }
  readonly stream: Socket | undefined
}

const PING = new QueuedCommand('ping', [], { answer() {}, fail() {} })
