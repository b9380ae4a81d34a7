import { expect } from 'vitest'
import type { ConformanceTheme } from './conformance-case.js'
import { until } from './until.js'

const HOUR = 3_600_000

export const signInCases: ConformanceTheme = {
  'sign-in-is-seen-by-every-broker-of-the-app-until-it-ends': async (scene) => {
    const { signIns } = scene.broker
    const other = (await scene.another()).signIns
    expect(await signIns.read('a')).toBeUndefined()
    await signIns.begin('a', { text: '{"name":"日本"}', keepMs: HOUR })
    expect(await other.read('a')).toBe('{"name":"日本"}')
    expect(await other.read('b')).toBeUndefined()
    await other.end('a')
    await other.end('a')
    expect(await signIns.read('a')).toBeUndefined()
  },

  'sign-in-is-renewed-only-while-it-lasts': async (scene) => {
    const { signIns } = scene.broker
    expect(await signIns.renew('a', { text: 'late', keepMs: HOUR })).toBe(false)
    await signIns.begin('a', { text: 'first', keepMs: HOUR })
    expect(await signIns.renew('a', { text: 'second', keepMs: HOUR })).toBe(true)
    expect(await signIns.read('a')).toBe('second')
    await signIns.end('a')
    expect(await signIns.renew('a', { text: 'third', keepMs: HOUR })).toBe(false)
    expect(await signIns.read('a')).toBeUndefined()
  },

  'sign-in-is-forgotten-after-its-time': async (scene) => {
    const { signIns } = scene.broker
    await signIns.begin('a', { text: 'short', keepMs: HOUR })
    expect(await signIns.renew('a', { text: 'short', keepMs: 50 })).toBe(true)
    await until('the sign-in to be forgotten', async () => (await signIns.read('a')) === undefined)
    expect(await signIns.renew('a', { text: 'late', keepMs: HOUR })).toBe(false)
  },
}
