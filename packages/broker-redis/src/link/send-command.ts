import type { Socket } from 'node:net'
import { Command, Redis } from 'ioredis'
import type { RedisClient } from './address.js'

/** An argument, or several: ioredis strings them out when it makes the command. */
export type CommandArgs = readonly (string | readonly string[])[]

export function send(client: RedisClient, name: string, args: CommandArgs): Promise<unknown> {
  return client.sendCommand(commandOf(name, args)) as Promise<unknown>
}

function commandOf(name: string, args: CommandArgs): Command {
  return new Command(name, args as string[], { replyEncoding: 'utf8' })
}

/**
 * Redis writes what a turn of its loop has for its clients in the reverse order in which they first got some. Behind a command that is
 * answered at once (in one write with it) the caller got some first, and so hears after those to whom the script publishes.
 */
export function sendBehind(client: RedisClient, name: string, args: CommandArgs): Promise<unknown> {
  if (!(client instanceof Redis)) return send(client, name, args)
  const both = new OneWrite(client)
  ;(client.sendCommand(commandOf('time', []), both) as Promise<unknown>).catch(() => {})
  const reply = client.sendCommand(commandOf(name, args), both) as Promise<unknown>
  both.leave()
  return reply
}

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
