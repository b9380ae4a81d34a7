import type { RedisServer } from '@millrace/embedded'
import { startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect } from './connect.js'
import { sendCommand, sendScript, sendScriptBehind } from './send-command.js'

const SAY = 'return ARGV[1]'
let server: RedisServer
let client: Redis

beforeAll(async () => {
  server = await startRedisServer()
  client = (await connect(server.url)) as Redis
})
afterAll(async () => {
  client.disconnect(false)
  await server.close()
})

const asked = (ask: (reader: { answer(reply: unknown): void; fail(error: unknown): void }) => void) =>
  new Promise((answer, fail) => ask({ answer, fail }))

it('gives each call its own reply, whatever was written in front of it', async () => {
  const calls = Array.from({ length: 30 }, (_, n) =>
    asked((reader) => {
      const args = [SAY, '0', `reply ${n}`]
      if (n % 3 === 0) sendScriptBehind(client, 'eval', args, reader)
      else if (n % 3 === 1) sendScript(client, 'eval', args, reader)
      else sendCommand(client, 'echo', [`reply ${n}`], reader)
    }),
  )
  expect(await Promise.all(calls)).toEqual(Array.from({ length: 30 }, (_, n) => `reply ${n}`))
})

it('an error is that of its own call', async () => {
  const wrong = asked((reader) => sendScriptBehind(client, 'eval', ['return nonsense(', '0'], reader))
  const right = asked((reader) => sendScriptBehind(client, 'eval', [SAY, '0', 'right'], reader))
  await expect(wrong).rejects.toThrow(/compiling/i)
  expect(await right).toBe('right')
})

it('what cannot be written leaves no reply to the next call', async () => {
  const unwritable = asked((reader) => sendScriptBehind(client, 'eval', [SAY, '0', 7 as unknown as string], reader))
  await expect(unwritable).rejects.toThrow('string')
  expect(await asked((reader) => sendScriptBehind(client, 'eval', [SAY, '0', 'next'], reader))).toBe('next')
})

it('refuses on a connection that has ended, and leaves nothing in its queue', async () => {
  const ended = new Redis(server.url, { lazyConnect: true, enableOfflineQueue: false, retryStrategy: () => null })
  await ended.connect()
  ended.disconnect(false)
  const refused = asked((reader) => sendScriptBehind(ended, 'eval', [SAY, '0', 'late'], reader))
  await expect(refused).rejects.toThrow(/closed|writeable/)
  expect((ended as unknown as { commandQueue: { length: number } }).commandQueue.length).toBe(0)
})
