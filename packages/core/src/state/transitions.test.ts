import { expect, test } from 'vitest'
import { isTerminal, type JobState, mayFollow, TERMINAL_STATES, TRANSITIONS } from './transitions.js'

const states = Object.keys(TRANSITIONS) as JobState[]

test('every state that is followed to exists', () => {
  for (const next of states.flatMap((state) => TRANSITIONS[state])) expect(states).toContain(next)
})

test('every state is reached from another, and every one leads to an end', () => {
  const reached = new Set<string>(states.flatMap((state) => TRANSITIONS[state]))
  expect(states.filter((state) => !reached.has(state))).toEqual([])
  for (const state of states) expect(endsFrom(state).size).toBeGreaterThan(0)
})

test('only a failed job leaves an end, by a retry asked for', () => {
  for (const state of TERMINAL_STATES)
    expect(TRANSITIONS[state]).toEqual(state === 'failed' ? ['ready', 'scheduled'] : [])
  expect(isTerminal('unknown')).toBe(false)
  expect(mayFollow('running', 'ready')).toBe(true)
  expect(mayFollow('succeeded', 'ready')).toBe(false)
})

function endsFrom(start: JobState): Set<JobState> {
  const seen = new Set<JobState>([start])
  for (const state of seen) for (const next of TRANSITIONS[state]) seen.add(next)
  return new Set([...seen].filter(isTerminal))
}
