import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkDocs } from './check-docs.mjs'

const ERRORS = '| code | class |\n|---|---|\n| `BROKER_FULL` | `BrokerFullError` |\n'
const KEYSPACE = `
## Keys of a lane
| key | holds |
|---|---|
| \`jobs\` | messages |
| \`sessions:age\` | when |

## Families of keys of a lane
| key | holds |
|---|---|
| \`seat:‹incarnation›\` | a lease |

## Keys of the app
| key | holds |
|---|---|
| \`lanes\` | names |
`

let root

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-docs-'))
  write('docs/ERRORS.md', ERRORS)
  write('docs/KEYSPACE.md', KEYSPACE)
  write(
    'packages/core/src/errors/catalogue.ts',
    `export const ERROR_CATALOGUE = {\n  BROKER_FULL: {\n    summary: 'x',\n  },\n} as const\nclass BrokerFullError {}\n`,
  )
  write(
    'packages/broker-redis/src/keyspace.ts',
    [
      `export const LANE_KEYS = {\n  jobs: 'jobs',\n  sessionsByAge: 'sessions:age',\n} as const`,
      `export const LANE_FAMILIES = {\n  seat: 'seat:',\n} as const`,
      `export const APP_KEYS = {\n  lanes: 'lanes',\n} as const`,
    ].join('\n'),
  )
  write(
    'apps/cli/src/command-table.ts',
    `export const COMMANDS: Readonly<Record<string, Entry>> = {\n  worker: {\n    summary: 'Run',\n  },\n  jobs: { summary: 'List' },\n}\n`,
  )
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

/** Problems of a README of this text beside pages that are right. */
function problemsOf(text) {
  write('README.md', text)
  return checkDocs(root).problems
}

test('pages that tell the truth have no problems', () => {
  expect(
    problemsOf('See `packages/core/src/errors/catalogue.ts` and [keys](docs/KEYSPACE.md#keys-of-a-lane).'),
  ).toEqual([])
})

describe('paths', () => {
  test.each([
    ['in backticks', 'See `packages/core/src/gone.ts`.'],
    ['behind a command', 'Run `node packages/core/src/gone.ts --now`.'],
    ['in a fence', '```sh\n./packages/core/src/gone.ts x\n```'],
  ])('%s', (_, text) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining('packages/core/src/gone.ts does not exist')])
  })

  test('a problem names its page and line', () => {
    expect(problemsOf('one\n\n`docs/GONE.md`')).toEqual(['README.md:3: docs/GONE.md does not exist'])
  })

  test('folders, patterns, placeholders and what the build makes', () => {
    const text =
      '`packages/core/` `packages/*/src` `docs/adr/NNNN-title.md` `apps/‹app›` `apps/cli/dist/command-table.js`'
    expect(problemsOf(text)).toEqual([])
    expect(problemsOf('`packages/*/nothing`')).toHaveLength(1)
  })

  test('names of others are those that the page says are not ours', () => {
    write('docs/FROM.md', '`SomeoneElsesError`\n\n<!-- not ours: SomeoneElsesError -->\n')
    expect(checkDocs(root).problems).toEqual([])
    write('docs/FROM.md', '`SomeoneElsesError`, `AnotherError`\n\n<!-- not ours: SomeoneElsesError -->\n')
    expect(checkDocs(root).problems).toEqual(['docs/FROM.md:1: the code knows no AnotherError'])
  })

  test("a reader's own files and paths in prose are not ours", () => {
    expect(problemsOf('`src/tasks.ts`, and packages/gone in prose')).toEqual([])
  })
})

describe('links', () => {
  test('to a file, from the folder of the page', () => {
    write('docs/ARCHITECTURE.md', '[here](ERRORS.md) [up](../README.md) [out](https://example.com/x)')
    expect(problemsOf('[gone](docs/GONE.md)')).toEqual(['README.md:1: the link to docs/GONE.md leads nowhere'])
  })

  test('to a heading', () => {
    expect(problemsOf('# My own Page!\n[a](#my-own-page) [b](docs/KEYSPACE.md#nothing)')).toEqual([
      'README.md:2: docs/KEYSPACE.md has no heading #nothing',
    ])
  })
})

describe('commands', () => {
  test('one that does not exist, in code or prose', () => {
    expect(problemsOf('`millrace worker` `millrace jobs`\n\nrun millrace dance')).toEqual([
      'README.md:3: there is no command "millrace dance"',
    ])
  })

  test('the package and its keys are no commands', () => {
    expect(problemsOf("`link:../millrace/packages/millrace` from 'millrace' x `millrace:{shop}`")).toEqual([])
  })
})

describe('errors and constants', () => {
  test('a code without a row, and a row without a code', () => {
    write('docs/ERRORS.md', '| `GONE_CODE` | x |\n')
    const problems = problemsOf('')
    expect(problems).toContain('docs/ERRORS.md: BROKER_FULL of packages/core/src/errors/catalogue.ts is missing')
    expect(problems).toContain('docs/ERRORS.md:1: GONE_CODE is no code of packages/core/src/errors/catalogue.ts')
  })

  test('names that the code does not know', () => {
    expect(problemsOf('`BROKER_FULL` `LANE_KEYS` `BrokerFullError`')).toEqual([])
    expect(problemsOf('`BROKER_EMPTY` `BrokerEmptyError`')).toHaveLength(2)
  })
})

describe('keys', () => {
  test('one that is not told, and one that is not there', () => {
    write('docs/KEYSPACE.md', KEYSPACE.replace('`sessions:age`', '`gone`'))
    expect(problemsOf('')).toEqual([
      'docs/KEYSPACE.md:6: gone is not in LANE_KEYS',
      'docs/KEYSPACE.md: sessions:age of LANE_KEYS is missing under "Keys of a lane"',
    ])
  })

  test('a row counts in its own section only', () => {
    write('docs/KEYSPACE.md', KEYSPACE.replace('| `lanes` | names |', '| `jobs` | names |'))
    expect(problemsOf('')).toHaveLength(2)
  })
})

describe('permissions', () => {
  const ACL = '\n## Permissions\n```\n+eval +hget\n  +blpop\n```\n'

  test('a command that nobody is granted, from a script or a client', () => {
    write('docs/KEYSPACE.md', KEYSPACE + ACL)
    write('packages/broker-redis/src/a/x.lua', "redis.call('HGET', k)\nredis.call(front and 'LPUSH' or 'RPUSH', k)")
    write('packages/broker-redis/src/a/x.ts', "new Command('blpop', keys); link.command('smembers', [])")
    expect(problemsOf('').sort()).toEqual([
      expect.stringContaining('x.lua sends LPUSH'),
      expect.stringContaining('x.lua sends RPUSH'),
      expect.stringContaining('x.ts sends smembers'),
    ])
  })
})

test('as a program: a line per problem, status 1; status 0 without any', () => {
  const script = join(dirname(fileURLToPath(import.meta.url)), 'check-docs.mjs')
  write('README.md', '`docs/GONE.md`')
  const bad = spawnSync(process.execPath, [script, root], { encoding: 'utf8' })
  expect(bad.stdout).toBe('README.md:1: docs/GONE.md does not exist\ndocs: 3 pages, 1 problems\n')
  expect(bad.status).toBe(1)
  write('README.md', '')
  expect(spawnSync(process.execPath, [script, root]).status).toBe(0)
})
