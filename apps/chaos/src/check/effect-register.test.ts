import { expect, it } from 'vitest'
import { EffectRegister } from './effect-register.js'

it('has an effect once, and refuses a smaller token', () => {
  const register = new EffectRegister()
  register.apply({ key: 'k', jobId: 'a', token: '5' })
  register.apply({ key: 'k', jobId: 'a', token: '10' })
  register.apply({ key: 'k', jobId: 'a', token: '6' })
  expect(register).toMatchObject({ stale: 1, repeated: 1 })
  expect(register.had.get('k')).toBe(1)
})

it('counts twice what came under two ids', () => {
  const register = new EffectRegister()
  register.apply({ key: 'k', jobId: 'a', token: '5' })
  register.apply({ key: 'k', jobId: 'b', token: '6' })
  expect(register.had.get('k')).toBe(2)
})
