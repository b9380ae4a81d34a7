import { describe, expect, it } from 'vitest'
import { type RespRequest, RespRequests } from './resp-requests.js'

const encode = (...parts: string[]) =>
  `*${parts.length}\r\n${parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`
const stream = Buffer.from(
  encode('EVALSHA', 'abc', '1', 'p:', 'a\r\nb', 'é') + encode('PING') + encode('GET', '') + encode('SET', 'k', ''),
)
const expected: RespRequest[] = [
  { name: 'evalsha', args: ['abc', '1', 'p:', 'a\r\nb', '\u00c3\u00a9'], count: 5 },
  { name: 'ping', args: [], count: 0 },
  { name: 'get', args: [''], count: 1 },
  { name: 'set', args: ['k', ''], count: 2 },
]

describe('commands in a client stream', () => {
  it.each([1, 2, 3, 7, 1_000])('are found in chunks of %i bytes', (size) => {
    const requests = new RespRequests()
    const found: RespRequest[] = []
    for (let from = 0; from < stream.length; from += size)
      found.push(...requests.read(stream.subarray(from, from + size)))
    expect(found).toEqual(expected)
  })
})
