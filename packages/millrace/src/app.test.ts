import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { findBrokerAddress } from './broker/broker-address.js'
import { createApp, InvalidOptionError } from './index.js'

describe('createApp', () => {
  it.each<[string, object, string]>([
    ['an unknown option', { nmae: 'x' }, 'INVALID_OPTION'],
    ['a bad name', { name: 'a b' }, 'INVALID_NAME'],
    ['an unknown scheme', { broker: 'amqp://x' }, 'INVALID_OPTION'],
    ['no URL', { broker: 'localhost:6379' }, 'INVALID_OPTION'],
    ['a broker that is a number', { broker: 5 }, 'INVALID_OPTION'],
    ['a bad prefix', { prefix: 'a b' }, 'INVALID_OPTION'],
    ['a bad logger', { logger: {} }, 'INVALID_OPTION'],
    ['an unknown default', { defaults: { qeue: 'x' } }, 'INVALID_OPTION'],
    ['more input than can be', { maxInputBytes: 2 ** 21 }, 'INVALID_OPTION'],
    ['half a codec', { codec: { name: 'x' } }, 'INVALID_OPTION'],
  ])('refuses %s', (_, options, code) => {
    expect(() => createApp(options)).toThrow(expect.objectContaining({ code }))
  })

  it('names the known schemes, and hides what the URL holds', () => {
    expect(() => createApp({ broker: 'amqp://user:secret@host' })).toThrow(/redis:\/\/.*memory:\/\//)
    expect(() => createApp({ broker: 'amqp://user:secret@host' })).not.toThrow(/secret/)
  })

  it('refuses a name that is taken, unknown tasks, and a second handler', () => {
    const app = createApp({ broker: 'memory://' })
    app.define('a').handle(() => 1)
    expect(() => app.define('a')).toThrow(InvalidOptionError)
    expect(() => app.define('b c')).toThrow(/task/)
    expect(() => app.define('d', { qeue: 'x' } as never)).toThrow(/Did you mean "queue"/)
    expect(() => app.job('e', 'x')).toThrow(expect.objectContaining({ code: 'UNKNOWN_TASK' }))
    expect(() => app.task('a', () => 1)).toThrow(InvalidOptionError)
    expect(() => app.use({ enqeue: async () => {} } as never)).toThrow(InvalidOptionError)
    expect(() => app.use({ enqueue: 5 } as never)).toThrow(/use\.enqueue/)
  })

  it('limits inputs', async () => {
    const app = createApp({ broker: 'memory://', maxInputBytes: 10 })
    await expect(app.define('a').enqueue('x'.repeat(20))).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      limit: 10,
    })
  })
})

describe('the broker of an app that names none', () => {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
  })
  const folderWith = (address?: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-app-'))
    folders.push(folder)
    if (address !== undefined) {
      mkdirSync(join(folder, '.millrace'))
      writeFileSync(join(folder, '.millrace', 'broker'), `${address}\n`)
    }
    return folder
  }

  it('is MILLRACE_BROKER, else that of millrace dev, else the local Redis', () => {
    const dev = folderWith('redis://127.0.0.1:7001')
    expect(findBrokerAddress({ MILLRACE_BROKER: 'redis://b' }, dev)).toEqual({
      url: 'redis://b',
      from: 'MILLRACE_BROKER',
    })
    expect(findBrokerAddress({}, dev)).toEqual({ url: 'redis://127.0.0.1:7001', from: '.millrace/broker' })
    expect(findBrokerAddress({ NODE_ENV: 'production' }, dev)).toEqual({
      url: 'redis://127.0.0.1:6379',
      from: 'default',
    })
    expect(findBrokerAddress({}, folderWith())).toEqual({ url: 'redis://127.0.0.1:6379', from: 'default' })
  })
})

describe('against a memory broker', () => {
  it('enqueues, looks, cancels, and finds the job again by its id', async () => {
    await using app = createApp({ name: 'looks', broker: 'memory://' })
    const task = app.define('add', { input: z.object({ x: z.number() }), output: z.number() })
    const job = await task.enqueue({ x: 1 }, { delay: '1h' })
    expect(await job.state()).toBe('scheduled')
    expect(await app.job(task, job.id).state()).toBe('scheduled')
    expect(await app.job('add', 'nobody').state()).toBe('unknown')
    expect(await job.cancel()).toBe('cancelled')
    const named = await task.enqueue({ x: 1 }, { id: 'mine', unique: { key: 'k' } })
    expect((await task.enqueue({ x: 2 }, { id: 'mine' })).id).toBe('mine')
    expect((await task.enqueue({ x: 2 }, { unique: { key: 'k' } })).id).toBe('mine')
    await expect(task.enqueue({ x: 2 }, { unique: { key: 'k', onConflict: 'throw' } })).rejects.toMatchObject({
      holder: 'mine',
    })
    expect(await named.state()).toBe('ready')
    await expect(named.result({ timeout: 5 })).rejects.toMatchObject({ code: 'RESULT_TIMEOUT' })
  })

  it('reads and steers through lazily loaded faces', async () => {
    await using app = createApp({ name: 'faces', broker: 'memory://' })
    const job = await app.define('a', { queue: 'q' }).enqueue(1)
    expect(await Promise.resolve(app.monitor)).toBe(app.monitor)
    expect(await app.monitor.queues()).toMatchObject([{ queue: 'q' }])
    await app.control.cancel(job.id)
    expect(await job.state()).not.toBe('ready')
  })

  it('closes more than once, and opens again', async () => {
    const app = createApp({ name: 'closes', broker: 'memory://' })
    await app.define('a').enqueue(1)
    await app.close()
    await app.close()
    expect((await app.define('b').enqueue(1)).id).toHaveLength(22)
    await app.close()
  })

  it('leaves a broker open that was given open', async () => {
    await using owner = createApp({ name: 'owner', broker: 'memory://' })
    const broker = await owner.broker()
    const guest = createApp({ name: 'owner', broker })
    await guest.define('a').enqueue(1)
    await guest.close()
    expect((await owner.define('b').enqueue(1)).id).toHaveLength(22)
  })
})
