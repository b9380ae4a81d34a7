import { describe, expect, it } from 'vitest'
import { BusyPoll } from './busy-poll.js'

/** A clock that stands until it is moved, and calls one after the other on it. */
function stage(processors = 2) {
  let now = 1_000
  const poll = new BusyPoll(() => now, processors)
  const send = (afterMs = 0.01) => {
    now += afterMs
    poll.sent(now)
    return now
  }
  const answer = (sentAt: number, afterMs = 0.1) => {
    now += afterMs
    poll.ended(sentAt)
  }
  const rows = (count: number, gapMs?: number, answerMs?: number) => {
    for (let i = 0; i < count; i++) answer(send(gapMs), answerMs)
  }
  const pass = (ms: number) => {
    now += ms
  }
  return { poll, send, answer, rows, pass }
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('BusyPoll', () => {
  it('polls from the call after sixteen quick ones in a row, until its answer', async () => {
    const { poll, send, answer, rows } = stage()
    rows(15)
    answer(send())
    expect(poll.looking).toBe(false)
    const sentAt = send()
    expect(poll.looking).toBe(true)
    for (let turn = 0; turn < 5; turn++) await nextTurn()
    expect(poll.looking).toBe(true)
    answer(sentAt)
    await nextTurn()
    expect(poll.looking).toBe(false)
  })

  it('gives up half a millisecond after the call was sent, and begins the row anew after a slow answer', async () => {
    const { poll, send, answer, rows, pass } = stage()
    rows(20)
    await nextTurn()
    const sentAt = send()
    pass(0.51)
    await nextTurn()
    expect(poll.looking).toBe(false)
    answer(sentAt)
    send()
    expect(poll.looking).toBe(false)
  })

  it.each([
    ['the calls do not follow each other at once', { gapMs: 0.6, answerMs: 0.1 }],
    ['the answers are slow', { gapMs: 0.01, answerMs: 0.6 }],
  ])('sleeps where %s', (_where, { gapMs, answerMs }) => {
    const { poll, send, rows } = stage()
    rows(50, gapMs, answerMs)
    send(gapMs)
    expect(poll.looking).toBe(false)
  })

  it('sleeps after a pause, though the row before it was long', async () => {
    const { poll, send, rows } = stage()
    rows(50)
    await nextTurn()
    send(2)
    expect(poll.looking).toBe(false)
  })

  it('goes on while any call is open', async () => {
    const { poll, send, answer, rows } = stage()
    rows(20)
    await nextTurn()
    const first = send()
    const second = send()
    answer(first)
    await nextTurn()
    expect(poll.looking).toBe(true)
    answer(second)
    await nextTurn()
    expect(poll.looking).toBe(false)
  })

  it('never polls where there is one processor', () => {
    const { poll, send, rows } = stage(1)
    rows(50)
    send()
    expect(poll.looking).toBe(false)
  })
})
