import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { InvalidNameError, InvalidOptionError, UnknownTaskError } from '../errors/input-errors.js'
import { RetryRequest } from './retry-request.js'
import type { TaskHandler } from './task-context.js'
import { defineTask } from './task-definition.js'
import { TaskRegistry } from './task-registry.js'

describe('TaskRegistry', () => {
  let registry: TaskRegistry
  beforeEach(() => {
    registry = new TaskRegistry()
    registry.add(defineTask('mail.send', { queue: 'mail', aliases: ['mail.old'] }))
    registry.add(defineTask('math.add'))
  })
  const handler: TaskHandler = () => 1

  test('finds by name and by alias', () => {
    registry.handle('mail.send', handler)
    expect(registry.definition('mail.old')).toBe(registry.definition('mail.send'))
    expect(registry.handler('mail.old')).toBe(handler)
    expect(registry.handler('math.add')).toBeUndefined()
  })
  test('lists names and queues once', () => {
    expect(registry.names()).toEqual(['mail.send', 'math.add'])
    expect(registry.queues()).toEqual(['mail', 'default'])
  })
  test.each(['toString', 'constructor', '__proto__', 'nope'])('knows no %s', (name) => {
    expect(registry.definition(name)).toBeUndefined()
    expect(registry.handler(name)).toBeUndefined()
  })
  test.each([
    ['mail.send', []],
    ['mail.old', []],
    ['new', ['mail.send']],
    ['new', ['mail.old']],
    ['new', ['new']],
  ])('refuses a name that is taken: %s %j', (name, aliases) => {
    expect(() => registry.add(defineTask(name, { aliases }))).toThrow(InvalidOptionError)
    expect(registry.names()).toEqual(['mail.send', 'math.add'])
  })
  test('refuses a second handler, a handler of no task, and what is no function', () => {
    registry.handle('math.add', handler)
    expect(() => registry.handle('math.add', handler)).toThrow(InvalidOptionError)
    expect(() => registry.handle('math.ad', handler)).toThrow(UnknownTaskError)
    expect(() => registry.handle('math.ad', handler)).toThrow(/Did you mean "math\.add"/)
    expect(() => registry.handle('mail.send', 5 as never)).toThrow(InvalidOptionError)
  })
  test('takes handlers of a narrower input', () => {
    const add: TaskHandler<{ x: number }, number> = ({ x }) => x
    registry.handle('math.add', add as TaskHandler)
    expect(registry.handler('math.add')).toBe(add)
  })
})

describe('defineTask', () => {
  test('keeps the schemas', () => {
    const input = z.object({ x: z.number() })
    expect(defineTask('a', { input })).toMatchObject({ name: 'a', input, output: undefined })
  })
  test.each([5, {}, null, () => 1])('refuses what is no schema: %#', (input) => {
    expect(() => defineTask('a', { input: input as never })).toThrow(/a\.input.*Standard Schema/)
  })
  test('refuses a bad name', () => expect(() => defineTask('a b')).toThrow(InvalidNameError))
})

describe('RetryRequest', () => {
  test('is known by its brand', () => {
    expect(new RetryRequest(5)).toBeInstanceOf(RetryRequest)
    expect(new RetryRequest().delayMs).toBeUndefined()
    expect({ delayMs: 5 }).not.toBeInstanceOf(RetryRequest)
    expect((null as unknown) instanceof RetryRequest).toBe(false)
  })
})
