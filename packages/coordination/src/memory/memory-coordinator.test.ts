import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { coordinatorConformance } from '../conformance/index.js'
import { memoryCoordinator } from './memory-coordinator.js'

const name = randomUUID()
coordinatorConformance('memory', { create: () => memoryCoordinator({ name }) })

describe('memory coordinator', () => {
  test('coordinators of another name do not compete', async () => {
    const [left, right] = [memoryCoordinator({ name: randomUUID() }), memoryCoordinator({ name: randomUUID() })]
    const locks = await Promise.all([left.lock('k', { ttlMs: 1_000 }), right.lock('k', { ttlMs: 1_000 })])
    expect(locks.length).toBe(2)
    await Promise.all([left.close(), right.close()])
  })
})
