import { expect, test } from 'vitest'
import { humanLogger } from './human-logger.js'

function lines(level: 'debug' | 'info', use: (logger: ReturnType<typeof humanLogger>) => void): string[] {
  const written: string[] = []
  use(humanLogger({ level, write: (line) => written.push(line) }))
  return written
}

test('one line with time, level, text and fields', () => {
  const [line] = lines('info', (logger) => logger.info({ queues: ['mail', 'default'], count: 2 }, 'worker running'))
  expect(line).toMatch(/^\d\d:\d\d:\d\d INFO {2}worker running {2}queues=mail,default count=2$/)
})

test('drops what is below its level', () => {
  expect(lines('info', (logger) => logger.debug('x'))).toEqual([])
  expect(lines('debug', (logger) => logger.debug('x'))).toHaveLength(1)
})

test('children add their bindings; errors show their message, fatal ones their stack when asked for', () => {
  const use = (logger: ReturnType<typeof humanLogger>) => {
    logger.child({ worker: 'w' }).warn({ err: new TypeError('no') }, 'trouble')
    logger.fatal({ err: new Error('out') }, 'the end')
  }
  const written = lines('info', use)
  expect(written[0]).toMatch(/WARN {2}trouble: TypeError: no {2}worker=w$/)
  expect(written[1]).toMatch(/FATAL the end: Error: out$/)
  expect(lines('debug', use)[1]).toMatch(/FATAL the end: Error: out\n {4}at /)
})

test('takes any field', () => {
  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  const [line] = lines('info', (logger) => logger.info({ cycle, big: 1n, nothing: undefined, text: 'a\u001bb' }, 'x'))
  expect(line).toContain('cycle=?')
  expect(line).not.toContain('\u001b')
})
