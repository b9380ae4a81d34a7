import { createApp } from 'millrace'
import { expect, test } from 'vitest'
import { findAppExport } from './find-app-export.js'

const MODULE = { file: '/x/tasks.ts', shown: './tasks.ts' }
const shop = createApp({ name: 'shop' })
const desk = createApp({ name: 'desk' })

test.each([
  ['named app', { app: shop }, shop],
  ['any other name', { answer: 42, shop }, shop],
  ['the default export', { default: shop }, shop],
  ['CommonJS', { default: { app: shop } }, shop],
  ['the same twice', { shop, default: shop }, shop],
  ['app beside others', { desk, app: shop }, shop],
])('%s', (_, exports, expected) => expect(findAppExport(exports, MODULE)).toBe(expected))

test('none and several are refused by name', () => {
  expect(() => findAppExport({ answer: 42, nothing: null }, MODULE)).toThrow(/\.\/tasks\.ts exports no app/)
  expect(() => findAppExport({ shop, desk }, MODULE)).toThrow(/exports 2 apps \(shop, desk\)/)
})

test('an app of another copy of the package is one', () => {
  const foreign = { name: 'shop', registry: {}, broker: () => undefined, define: () => undefined }
  expect(findAppExport({ foreign }, MODULE)).toBe(foreign)
})
