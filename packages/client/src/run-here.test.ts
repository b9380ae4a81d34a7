import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { recordingBroker } from '../test/recording-broker.js'
import { testClient } from '../test/test-client.js'

const setup = () => testClient(recordingBroker().broker)

describe('run', () => {
  it('validates and transforms once per side, and gives the parsed output', async () => {
    const task = setup().define('t', {
      input: z.object({ n: z.string().transform(Number) }),
      output: z.object({ at: z.string().transform((text) => new Date(text)) }),
    })
    task.handle((input) => {
      expect(input).toEqual({ n: 5 })
      return { at: '2030-01-01' }
    })
    expect(await task.run({ n: '5' })).toEqual({ at: new Date('2030-01-01') })
    await expect(task.run({ n: 5 })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('says what is missing, what is refused, and what cannot be carried', async () => {
    const { define } = setup()
    await expect(define('a').run()).rejects.toMatchObject({ code: 'UNKNOWN_TASK' })
    await expect(
      define('b', { output: z.number() })
        .handle(() => 'x')
        .run(),
    ).rejects.toThrow(/output of b/)
    await expect(
      define('c')
        .handle(() => 1n)
        .run(),
    ).rejects.toMatchObject({ code: 'NOT_SERIALIZABLE' })
    await expect(
      define('d')
        .handle((_, ctx) => ctx.retry())
        .run(),
    ).rejects.toThrow(/asked for a retry/)
    expect(
      await define('e')
        .handle(() => undefined)
        .run(),
    ).toBeNull()
  })

  it('throws what the handler throws, and gives it a context', async () => {
    const { define } = setup()
    const boom = new RangeError('boom')
    await expect(
      define('a')
        .handle(() => Promise.reject(boom))
        .run(),
    ).rejects.toBe(boom)
    const seen = define('b').handle((_, ctx) => [ctx.jobId, ctx.attempt, ctx.headers.h, ctx.signal.aborted])
    expect(await seen.run(undefined, { ctx: { attempt: 2, headers: { h: 'x' } } })).toEqual(['run', 2, 'x', false])
  })
})
