import { expect, test } from 'vitest'
import { Progress } from './progress.js'

function screen(isTTY: boolean) {
  const written: string[] = []
  return { written, isTTY, columns: 80, write: (text: string) => written.push(text) }
}
const CLEAR = '\r\u001b[K'

test('draws a bar at most every 100 ms, and takes it away', () => {
  const tty = screen(true)
  let now = 0
  const progress = new Progress('cancelled', 4_000, tty, () => now)
  progress.show(1_000)
  now = 99
  progress.show(1_500)
  now = 100
  progress.show(2_000)
  progress.end()
  progress.end()
  expect(tty.written).toEqual([
    `${CLEAR}[######------------------] 25 %  1,000 of 4,000 cancelled`,
    `${CLEAR}[############------------] 50 %  2,000 of 4,000 cancelled`,
    CLEAR,
  ])
})

test('knows no share without a total, and never more than all', () => {
  const tty = screen(true)
  new Progress('retried', undefined, tty).show(7)
  new Progress('retried', 5, tty).show(7)
  expect(tty.written[0]).toBe(`${CLEAR}7 retried`)
  expect(tty.written[1]).toContain('100 %  7 of 7 retried')
})

test('is silent where there is no terminal', () => {
  const pipe = screen(false)
  const progress = new Progress('cancelled', 10, pipe)
  progress.show(5)
  progress.end()
  expect(pipe.written).toEqual([])
})
