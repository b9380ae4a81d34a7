import { expect, it } from 'vitest'
import { EndWait } from './end-wait.js'
import { EndWaits } from './end-waits.js'

const ignore = () => {}
const waitFor = (id: string) =>
  new EndWait(
    { ref: { lane: { queue: 'q', index: 0 }, id }, channel: 'c:' },
    {},
    { resolve: ignore, reject: ignore, over: ignore },
  )
/** Timers that keep the process alive. */
const holding = () => process.getActiveResourcesInfo().filter((what) => what === 'Timeout').length

it('keeps the process alive while somebody waits, for the first time and again', () => {
  const waits = new EndWaits(ignore)
  const before = holding()
  for (const id of ['a', 'b']) {
    const wait = waitFor(id)
    waits.add(wait)
    expect(holding()).toBe(before + 1)
    waits.remove(wait)
    expect(holding()).toBe(before)
  }
  waits.close()
})

it('goes on for the others who wait for the same job', () => {
  const reread: EndWait[] = []
  const waits = new EndWaits((wait) => reread.push(wait))
  const before = holding()
  const [one, two] = [waitFor('a'), waitFor('a')]
  waits.add(one)
  waits.add(two)
  waits.remove(one)
  expect(waits.of('c:a')).toEqual([two])
  expect(holding()).toBe(before + 1)
  waits.rereadAll()
  expect(reread).toEqual([two])
  waits.close()
})
