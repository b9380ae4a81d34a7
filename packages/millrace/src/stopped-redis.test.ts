import { type RedisServer, startRedisServer } from '@millrace/embedded'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BrokerUnavailableError, createApp, OutcomeUnknownError } from './index.js'

describe.skipIf(process.env.MILLRACE_TEST_REDIS === 'none')('enqueue to a Redis that is stopped', () => {
  let redis: RedisServer
  beforeEach(async () => {
    redis = await startRedisServer()
  })
  afterEach(() => redis.close())

  const appOf = () => {
    const app = createApp({ name: 'stopped', broker: redis.url })
    return { app, add: app.define('math.add') }
  }
  const refused = (promise: Promise<unknown>) => promise.catch((error: unknown) => error)

  test('before the first call: BrokerUnavailableError within its timeout', async () => {
    await redis.close()
    const { app, add } = appOf()
    expect(await refused(add.enqueue(undefined, { timeout: '300ms' }))).toBeInstanceOf(BrokerUnavailableError)
    await app.close()
  })

  test('after an earlier call: BrokerUnavailableError, many at once too', async () => {
    const { app, add } = appOf()
    await add.enqueue(undefined)
    await redis.close()
    const errors = await Promise.all(
      Array.from({ length: 50 }, () => refused(add.enqueue(undefined, { timeout: '300ms' }))),
    )
    expect(errors.every((error) => error instanceof BrokerUnavailableError)).toBe(true)
    await app.close()
  })

  test('frozen before it is connected: surely nothing was done', async () => {
    redis.kill('SIGSTOP')
    const { app, add } = appOf()
    expect(await refused(add.enqueue(undefined, { timeout: '300ms' }))).toBeInstanceOf(BrokerUnavailableError)
    redis.kill('SIGCONT')
    await app.close()
  })

  test('frozen with the call on its way: the fate is unknown, and said to be', async () => {
    const { app, add } = appOf()
    await add.enqueue(undefined)
    redis.kill('SIGSTOP')
    const error = await refused(add.enqueue(undefined, { id: 'one', timeout: '300ms' }))
    expect(error).toBeInstanceOf(OutcomeUnknownError)
    expect(error).toMatchObject({ ids: ['one'] })
    redis.kill('SIGCONT')
    expect((await add.enqueue(undefined, { id: 'one' })).id).toBe('one')
    await app.close()
  })
})
