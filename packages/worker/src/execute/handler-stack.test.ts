import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until, WorkerScene } from '../../test/worker-scene.js'

let scene: WorkerScene
beforeEach(() => {
  scene = new WorkerScene()
})
afterEach(() => scene.close())

async function failureOf(id: string) {
  await until('settled', () => scene.verdicts(id).length > 0)
  const verdict = scene.store.settled.find(({ reservation }) => reservation.id === id)?.verdict
  if (verdict?.kind !== 'retry') throw new Error(`settled as ${verdict?.kind}`)
  return verdict.failure
}

describe('the stack below a handler', () => {
  it('has few frames of the worker: each costs every error that is thrown', async () => {
    let frames: string[] = []
    scene.task('look', () => {
      frames = (new Error('where').stack ?? '')
        .split('\n')
        .filter((line) => /packages\/worker\/src\/(?!.*test)/.test(line))
    })
    await scene.started()
    const id = scene.enqueue('look')
    await until('settled', () => scene.verdicts(id).length > 0)
    expect(frames.length).toBeGreaterThan(0)
    // Four, and one of the trace that is kept where the process listens for what escapes, as that of tests does.
    expect(frames.length).toBeLessThanOrEqual(5)
  })

  it('is not in a failure record, with middleware or without', async () => {
    scene.task('throws', () => {
      throw new Error('boom')
    })
    await scene.started({}, { execute: (_attempt: unknown, next: () => Promise<unknown>) => next() })
    const { stack } = await failureOf(scene.enqueue('throws'))
    expect(stack).toMatch(/^Error: boom\n {4}at .*handler-stack\.test\.ts/)
    expect(stack).not.toMatch(/millraceHandler|run-attempt\.ts|runner\.ts/)
  })
})
