import { expect, test } from 'vitest'
import { parseQueues } from './parse-queues.js'

test.each([
  ['mail', { mail: 1 }],
  ['mail:3,default', { mail: 3, default: 1 }],
  ['mail:3, default:0.5', { mail: 3, default: 0.5 }],
  ['eu:mail:2,eu:mail.slow', { 'eu:mail': 2, 'eu:mail.slow': 1 }],
])('%s', (text, weights) => expect(parseQueues(text)).toEqual(weights))

test.each(['', 'a,,b', 'a b', 'a:0', 'a,a', ':3'])('refuses %j', (text) => {
  expect(() => parseQueues(text)).toThrow(/valid|weight|once/)
})
