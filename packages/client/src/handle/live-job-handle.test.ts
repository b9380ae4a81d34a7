import type { StoredOutcome } from '@millrace/broker'
import {
  BrokerUnavailableError,
  JobCancelledError,
  JobExpiredError,
  JobFailedError,
  ResultNotKeptError,
  ResultTimeoutError,
} from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { recordingBroker } from '../../test/recording-broker.js'
import { testClient } from '../../test/test-client.js'

const failure = { name: 'TypeError', message: 'boom', reason: 'error', attempt: 3, at: 0, data: { a: 1 } } as const
function setup(outcome: StoredOutcome | 'gone' | Error, kept = true) {
  const recording = recordingBroker()
  recording.told.outcome = async () => {
    if (outcome instanceof Error) throw outcome
    return outcome
  }
  const { define } = testClient(recording.broker)
  const task = define('t', kept ? { output: z.object({ at: z.string().transform((text) => new Date(text)) }) } : {})
  return { ...recording, job: task.job('j1') }
}
const never = () => new Promise<never>(() => {})

describe('result', () => {
  it('is the stored output, parsed by the output schema', async () => {
    const { job } = setup({ state: 'succeeded', outputJson: '{"at":"2030-01-01"}' })
    expect(await job.result()).toEqual({ at: new Date('2030-01-01') })
    expect(await job.outcome()).toEqual({ state: 'succeeded', kept: true, output: { at: new Date('2030-01-01') } })
  })

  it.each<[string, StoredOutcome | 'gone', new (...args: never[]) => Error]>([
    ['failed', { state: 'failed', failure, attempts: 3 }, JobFailedError],
    ['cancelled', { state: 'cancelled' }, JobCancelledError],
    ['expired', { state: 'expired' }, JobExpiredError],
    ['gone', 'gone', ResultNotKeptError],
    ['succeeded without output', { state: 'succeeded', outputJson: undefined }, ResultNotKeptError],
  ])('%s', async (_, outcome, error) => {
    await expect(setup(outcome).job.result()).rejects.toThrow(error)
  })

  it('tells of a failure as data', async () => {
    const { job } = setup({ state: 'failed', failure, attempts: 3 })
    const told = { message: 'boom', remoteName: 'TypeError', attempts: 3, jobId: 'j1', task: 't', data: { a: 1 } }
    await expect(job.result()).rejects.toMatchObject(told)
    expect(await job.outcome()).toMatchObject({ state: 'failed', error: told })
  })

  it('rejects at once, without asking, where the task keeps none', async () => {
    const { job, waits } = setup('gone', false)
    await expect(job.result()).rejects.toThrow(/results: \{ keep/)
    expect(waits).toEqual([])
  })

  it('rejects when the stored output does not fit the schema here', async () => {
    await expect(setup({ state: 'succeeded', outputJson: '{"at":5}' }).job.result()).rejects.toThrow(
      /does not fit its schema here: at/,
    )
  })

  it('gives up after its timeout, and stops waiting', async () => {
    const { job, told, waits } = setup('gone')
    told.outcome = never
    await expect(job.result({ timeout: 5 })).rejects.toThrow(ResultTimeoutError)
    expect(waits[0]?.signal?.aborted).toBe(true)
    expect(await job.outcome({ timeout: 5 })).toMatchObject({ state: 'unknown', error: { code: 'RESULT_TIMEOUT' } })
  })

  it('gives up with the reason of its signal', async () => {
    const { job, told } = setup('gone')
    told.outcome = never
    const control = new AbortController()
    const waiting = job.result({ signal: control.signal })
    control.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await expect(job.result({ signal: control.signal })).rejects.toThrow('enough')
  })

  it.each([{ timeout: '5 minutes' as never }, { timeout: -1 }])('refuses %o', async (options) => {
    await expect(setup('gone').job.result(options)).rejects.toMatchObject({ code: 'INVALID_OPTION' })
  })
})

describe('outcome', () => {
  it.each<[StoredOutcome | 'gone' | Error, object]>([
    [{ state: 'cancelled' }, { state: 'cancelled' }],
    [{ state: 'expired' }, { state: 'expired' }],
    ['gone', { state: 'unknown', error: expect.any(ResultNotKeptError) }],
    [new BrokerUnavailableError({ what: 'x' }), { state: 'unknown', error: expect.any(BrokerUnavailableError) }],
  ])('never throws: %o', async (outcome, expected) => {
    expect(await setup(outcome).job.outcome()).toEqual(expected)
  })

  it('waits for the end also where no result is kept', async () => {
    const { job } = setup({ state: 'succeeded', outputJson: undefined }, false)
    expect(await job.outcome()).toEqual({ state: 'succeeded', kept: false, output: undefined })
  })
})

describe('progress', () => {
  it('yields what is reported until the job ends', async () => {
    const { job, told } = setup('gone')
    told.outcome = async ({ onProgress }) => {
      onProgress?.('1')
      onProgress?.('{"done":2}')
      return { state: 'cancelled' }
    }
    const seen: unknown[] = []
    for await (const value of job.progress()) seen.push(value)
    expect(seen).toEqual([1, { done: 2 }])
  })

  it('stops waiting when the loop is left', async () => {
    const { job, told, waits } = setup('gone')
    told.outcome = ({ onProgress }) => {
      onProgress?.('1')
      return never()
    }
    for await (const _ of job.progress()) break
    expect(waits[0]?.signal?.aborted).toBe(true)
  })

  it('rejects as the wait does', async () => {
    const { job } = setup(new BrokerUnavailableError({ what: 'x' }))
    await expect(job.progress().next()).rejects.toThrow(BrokerUnavailableError)
  })
})

it('state and cancel ask the broker', async () => {
  const { job } = setup('gone')
  expect(await job.state()).toBe('ready')
  expect(await job.cancel()).toBe('cancelled')
})
