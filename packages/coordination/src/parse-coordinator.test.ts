import { InvalidOptionError } from '@millrace/core'
import { describe, expect, test } from 'vitest'
import { parseCoordinator } from './parse-coordinator.js'
import { redlockCoordinator } from './redlock/redlock-coordinator.js'

describe('parseCoordinator', () => {
  test('names a driver', async () => {
    const redlock = parseCoordinator('redlock:redis://a,redis://b:6380, rediss://user:pw@c', { prefix: 'shop' })
    const memory = parseCoordinator('memory:tests')
    const etcd = parseCoordinator('etcds://user:p%40ss@a:2379,b,[::1]:2380')
    expect([redlock.kind, memory.kind, etcd.kind]).toEqual(['redlock', 'memory', 'etcd'])
    await Promise.all([redlock.close(), memory.close(), etcd.close()])
  })

  test.each([
    '',
    'redlock',
    'redlock:',
    'etcd:http://a',
    'etcd://',
    'etcd://a:x',
    'etcd://user@a',
    'zookeeper://a',
    'redis://a',
    'redlock:http://a',
    'redlock:redis://',
  ])('refuses %j', (spec) => {
    expect(() => parseCoordinator(spec)).toThrow(InvalidOptionError)
  })

  test('says what exists, and repeats no password', () => {
    expect(() => parseCoordinator('zk:http://me:secret@a')).toThrow(/redlock:redis.*etcd:.*memory:/)
    expect(() => parseCoordinator('zk:http://me:secret@a')).not.toThrow(/secret/)
    expect(() => parseCoordinator('etcd://me:secret@')).not.toThrow(/secret/)
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
