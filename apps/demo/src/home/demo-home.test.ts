import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDemoHome } from './demo-home.js'

let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'millrace-demo-home-'))
})

afterEach(() => {
  rmSync(home, { recursive: true, force: true })
})

test('removes what killed runs have left, and nothing else', async () => {
  const alive = `run-0-${process.pid}`
  // Above the largest process id that Linux gives.
  for (const name of ['run-0-4194999', alive, 'run-notes']) mkdirSync(join(home, 'demo', name), { recursive: true })
  writeFileSync(join(home, 'demo', 'index.json'), '{}')
  const opened = await openDemoHome(home)
  expect(readdirSync(join(home, 'demo')).sort()).toEqual(['index.json', alive, opened.run, 'run-notes'].sort())
  expect(existsSync(opened.parts)).toBe(true)
  await opened.remove()
  await opened.remove()
  expect(existsSync(opened.folder)).toBe(false)
  expect(existsSync(join(home, 'demo', 'index.json'))).toBe(true)
})
