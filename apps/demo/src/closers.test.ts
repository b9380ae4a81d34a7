import { expect, test } from 'vitest'
import { Closers } from './closers.js'

test('closes in reverse, also after one that failed, and what comes too late at once', async () => {
  const closed: string[] = []
  const closers = new Closers()
  closers.add(async () => closed.push('first'))
  closers.add(() => Promise.reject(new Error('stuck')))
  closers.add(async () => closed.push('last'))
  expect(await closers.close()).toEqual([new Error('stuck')])
  closers.add(async () => closed.push('late'))
  expect(closed).toEqual(['last', 'first', 'late'])
  expect(await closers.close()).toEqual([])
})
