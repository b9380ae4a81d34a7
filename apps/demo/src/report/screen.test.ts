import { describe, expect, test } from 'vitest'
import { Screen } from './screen.js'

function screenOn(isTTY: boolean) {
  let written = ''
  const screen = new Screen({ isTTY, columns: 10, write: (text) => (written += text) })
  return { screen, written: () => written }
}

describe('on a terminal', () => {
  test('the living line is overwritten, cut to the width, and below what stays', () => {
    const { screen, written } = screenOn(true)
    screen.live('one', 0)
    screen.live('too early', 10)
    screen.live('a longer line than fits', 100)
    screen.say('stays')
    screen.rest()
    const erase = '\r\x1b[2K'
    expect(written()).toBe(`one${erase}a longer ${erase}stays\na longer ${erase}`)
  })
})

describe('elsewhere', () => {
  test('the state is told once a second, and nothing is erased', () => {
    const { screen, written } = screenOn(false)
    for (let now = 0; now <= 2_000; now += 100) screen.live(`at ${now}`, now)
    screen.say('stays')
    screen.rest()
    expect(written()).toBe('at 0\nat 1000\nat 2000\nstays\n')
  })
})
