import { expect, test } from 'vitest'
import { inParallel } from './in-parallel.js'

test('keeps the order and at most 16 in flight', async () => {
  let flying = 0
  let most = 0
  const items = Array.from({ length: 100 }, (_, index) => index)
  const results = await inParallel(items, async (item) => {
    flying += 1
    most = Math.max(most, flying)
    await new Promise((resolve) => setImmediate(resolve))
    flying -= 1
    return item * 2
  })
  expect(results).toEqual(items.map((item) => item * 2))
  expect(most).toBe(16)
})

test('rejects with the first error and begins nothing more', async () => {
  let begun = 0
  const work = async (item: number) => {
    begun += 1
    if (item === 3) throw new Error('three')
    await new Promise((resolve) => setImmediate(resolve))
  }
  await expect(inParallel([...Array(1_000).keys()], work)).rejects.toThrow('three')
  expect(begun).toBeLessThan(50)
})
