import { InvalidOptionError } from '@millrace/core'
import { describe, expect, test } from 'vitest'
import { parseCoordinator } from './parse-coordinator.js'
import { redlockCoordinator } from './redlock/redlock-coordinator.js'

describe('parseCoordinator', () => {
  test('names a driver', async () => {
    const redlock = parseCoordinator('redlock:redis://a,redis://b:6380, rediss://user:pw@c', { prefix: 'shop' })
    const memory = parseCoordinator('memory:tests')
    expect([redlock.kind, memory.kind]).toEqual(['redlock', 'memory'])
    await Promise.all([redlock.close(), memory.close()])
  })

  test.each(['', 'redlock', 'redlock:', 'etcd:http://a', 'redis://a', 'redlock:http://a', 'redlock:redis://'])(
    'refuses %j',
    (spec) => {
      expect(() => parseCoordinator(spec)).toThrow(InvalidOptionError)
    },
  )

  test('says what exists, and repeats no password', () => {
    expect(() => parseCoordinator('etcd:http://me:secret@a')).toThrow(/redlock:redis.*memory:/)
    expect(() => parseCoordinator('etcd:http://me:secret@a')).not.toThrow(/secret/)
    expect(() => parseCoordinator('redlock:http://me:secret@a')).not.toThrow(/secret/)
  })
})

describe('redlockCoordinator', () => {
  test.each([0, 2, 4])('refuses %i servers', (count) => {
    const servers = Array.from({ length: count }, (_, index) => `redis://host${index}`)
    expect(() => redlockCoordinator({ servers })).toThrow(/an odd number/)
  })

  test('refuses what is no list, and unknown options', () => {
    expect(() => redlockCoordinator({ servers: 'redis://a' as never })).toThrow(/an array/)
    const unknown = { servers: ['redis://a'], prefx: 'x' }
    expect(() => redlockCoordinator(unknown)).toThrow(/"prefix"/)
  })

  test('refuses one server named twice', () => {
    const servers = ['redis://a', { host: 'b' }, 'redis://:pw@a:6379/2']
    expect(() => redlockCoordinator({ servers })).toThrow(/a:6379 twice/)
  })
})
