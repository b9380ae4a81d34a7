import { describe, expect, test } from 'vitest'
import { tokenize } from './tokenize.js'

describe('tokenize', () => {
  test('gives lower-case words and digits, in order, without stop words', () => {
    expect(tokenize('Permission to USE, copy; and modify (2nd time)!')).toEqual([
      'permission',
      'use',
      'copy',
      'modify',
      '2nd',
      'time',
    ])
  })

  test('cuts identifiers and markup at everything that is no letter or digit', () => {
    expect(tokenize('`foo_bar` **x-y** <a href="z.html">')).toEqual(['foo', 'bar', 'x', 'y', 'href', 'z', 'html'])
  })

  test('knows letters of every script, composed or not', () => {
    expect(tokenize('Straße naïve ΑΘΗΝΑ Привет 日本語')).toEqual(['straße', 'naïve', 'αθηνα', 'привет', '日本語'])
    expect(tokenize('cafe\u0301')).toEqual(tokenize('caf\u00e9'))
    expect(tokenize('हिन्दी')).toEqual(['हिन्दी'])
  })

  test('drops runs that are longer than any word', () => {
    expect(tokenize(`${'a'.repeat(40)} ${'b'.repeat(41)}`)).toEqual(['a'.repeat(40)])
  })

  test('gives nothing for nothing', () => {
    expect(tokenize('')).toEqual([])
    expect(tokenize('-- the --')).toEqual([])
  })

  test('finds the same words in ASCII text by both of its ways', () => {
    const ascii = 'The Quick-brown fox_jumps over 13 lazy dogs'
    expect(tokenize(`${ascii} é`).slice(0, -1)).toEqual(tokenize(ascii))
  })
})
