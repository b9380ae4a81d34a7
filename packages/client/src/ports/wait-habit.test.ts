import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { recordingBroker } from '../../test/recording-broker.js'
import { testClient } from '../../test/test-client.js'
import { WaitHabit } from './wait-habit.js'

describe('WaitHabit', () => {
  it('expects no wait before the first one, and two after each', () => {
    const habit = new WaitHabit()
    expect(habit.takeCredit()).toBe(false)
    habit.waited()
    expect([habit.takeCredit(), habit.takeCredit(), habit.takeCredit()]).toEqual([true, true, false])
  })

  it('saves up at most 100', () => {
    const habit = new WaitHabit()
    for (let i = 0; i < 1_000; i++) habit.waited()
    let credit = 0
    while (habit.takeCredit()) credit++
    expect(credit).toBe(100)
  })
})

it('a task whose jobs are waited for says so when it enqueues them; one that is left alone does not', async () => {
  const { broker, producer, told } = recordingBroker()
  told.outcome = async () => ({ state: 'succeeded', outputJson: '1' })
  const { define } = testClient(broker)
  const [asked, left] = [define('asked', { output: z.number() }), define('left', { output: z.number() })]
  for (let i = 0; i < 3; i++) await (await asked.enqueue()).result()
  await left.enqueue()
  await asked.enqueue(undefined, { priority: 5 })
  expect(producer.jobs.map((job) => job.awaited ?? false)).toEqual([false, true, true, false, false])
})
