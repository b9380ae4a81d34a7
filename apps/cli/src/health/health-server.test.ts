import { expect, test } from 'vitest'
import { startHealthServer } from './health-server.js'

test('tells whether it lives and works', async () => {
  let ready = false
  const server = await startHealthServer('127.0.0.1:0', () => ({ ready }))
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`)
    return [response.status, await response.json()]
  }
  expect(await ask('/healthz')).toEqual([200, { alive: true }])
  expect(await ask('/readyz?x=1')).toEqual([503, { ready: false }])
  ready = true
  expect(await ask('/readyz')).toEqual([200, { ready: true }])
  expect((await ask('/..%2fetc'))[0]).toBe(404)
  const taken = startHealthServer(`127.0.0.1:${server.port}`, () => ({ ready }))
  await expect(taken).rejects.toThrow(/^127\.0\.0\.1:\d+ is taken: give another --health-port/)
  await server.close()
})

test.each(['', 'http', '99999', '-1', 'a:b'])('%j is no port', async (where) => {
  await expect(startHealthServer(where, () => ({ ready: true }))).rejects.toThrow(/--health-port/)
})
