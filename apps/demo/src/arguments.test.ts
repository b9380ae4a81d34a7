import { describe, expect, test } from 'vitest'
import { DEFAULT_QUERY, HELP, parseArguments } from './arguments.js'

describe('parseArguments', () => {
  test('needs none', () => {
    expect(parseArguments([])).toEqual({
      kind: 'run',
      options: { folder: undefined, query: DEFAULT_QUERY, workers: 2, json: false, keep: false, home: undefined },
    })
  })

  test('takes the folder as it comes, and every option', () => {
    const options = { folder: 'docs', query: 'garden shed', workers: 4, json: true, keep: true, home: '/x' }
    const rest = ['--query', 'garden shed', '--workers=4', '--json', '--keep', '--home', '/x']
    expect(parseArguments(['docs', ...rest])).toEqual({ kind: 'run', options })
    expect(parseArguments([...rest, '--folder', 'docs'])).toEqual({ kind: 'run', options })
  })

  test.each(['--help', '-h'])('answers %s whatever else is there', (help) => {
    expect(parseArguments(['--workers', 'x', help])).toEqual({ kind: 'help' })
    expect(HELP).toContain('examples:')
  })

  test.each([
    [['--bogus'], 'there is no option --bogus'],
    [['-x'], 'there is no option -x'],
    [['--toString'], 'there is no option --toString'],
    [['--query'], '--query needs a value'],
    [['--query='], '--query needs a value'],
    [['--json=yes'], '--json takes no value'],
    [['--workers', '0'], '--workers is "0": expected a whole number from 1 to 32'],
    [['--workers', '1.5'], '--workers is "1.5"'],
    [['--workers', 'many'], '--workers is "many"'],
    [['a', 'b'], 'one FOLDER at a time, not 2'],
    [['a', '--folder', 'b'], 'one FOLDER at a time, not 2'],
    [['--query', 'the of !'], '--query is "the of !": it has no word that could be looked for'],
  ])('refuses %j in one sentence', (args, sentence) => {
    const parsed = parseArguments(args)
    expect(parsed.kind).toBe('wrong')
    if (parsed.kind !== 'wrong') return
    expect(parsed.sentence).toContain(sentence)
    expect(parsed.sentence).not.toContain('\n')
  })
})
