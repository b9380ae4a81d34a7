import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBrokerAddress } from './broker-address.js'

const DEV = 'redis://127.0.0.1:4000'
const DEFAULT = { url: 'redis://127.0.0.1:6379', from: 'default' }
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-address-'))
  mkdirSync(join(folder, '.millrace'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const written = (text: string) => writeFileSync(join(folder, '.millrace', 'broker'), text)

test('the environment, else a running dev, else this machine', () => {
  written(`${DEV}\n${process.pid}\n`)
  expect(findBrokerAddress({ MILLRACE_BROKER: ' redis://a ' }, folder)).toEqual({
    url: 'redis://a',
    from: 'MILLRACE_BROKER',
  })
  expect(findBrokerAddress({}, folder)).toEqual({ url: DEV, from: '.millrace/broker' })
  expect(findBrokerAddress({ NODE_ENV: 'production' }, folder)).toEqual(DEFAULT)
  expect(findBrokerAddress({}, join(folder, 'elsewhere'))).toEqual(DEFAULT)
})

test('a file without a process is taken as it is', () => {
  written(`${DEV}\n`)
  expect(findBrokerAddress({}, folder).url).toBe(DEV)
})

test.each(['', '\n', `${DEV}\n${spawnSync('true').pid}\n`, `${DEV}\nnonsense\n`])('%j counts for nothing', (text) => {
  written(text)
  expect(findBrokerAddress({}, folder)).toEqual(DEFAULT)
})
