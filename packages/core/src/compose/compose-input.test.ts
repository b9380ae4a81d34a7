import { describe, expect, it } from 'vitest'
import { composeInput } from './compose-input.js'

describe('composeInput', () => {
  it.each([
    ['one output as it is', { from: 'output', merge: false }, null, [[1]], [1]],
    [
      'one output under the static part',
      { from: 'output', merge: true },
      { b: 2, c: 3 },
      [{ a: 1, b: 1 }],
      { a: 1, b: 2, c: 3 },
    ],
    ['the outputs of a group', { from: 'outputs', merge: false }, null, [1, 'x'], [1, 'x']],
    [
      'the outputs of a group beside a static part',
      { from: 'outputs', merge: true },
      { to: 'x' },
      [1, 2],
      { to: 'x', results: [1, 2] },
    ],
  ] as const)('gives %s', (_, composition, part, outputs, input) => {
    expect(composeInput(composition, part, outputs)).toEqual({ ok: true, input })
  })

  it.each([
    [5, 'number'],
    [null, 'null'],
    [[1], 'an array'],
    [undefined, 'undefined'],
  ])('says what it found where %s cannot be merged', (found, name) => {
    const composed = composeInput({ from: 'output', merge: true }, { a: 1 }, [found])
    expect(composed).toEqual({ ok: false, message: expect.stringContaining(`found ${name}`) })
    expect(composeInput({ from: 'outputs', merge: true }, found, [])).toMatchObject({ ok: false })
  })
})
