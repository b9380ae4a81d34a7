import { expect, it } from 'vitest'
import { QueuedCommand } from './queued-command.js'

function heard() {
  const answers: unknown[] = []
  const failures: unknown[] = []
  const reader = { answer: (reply: unknown) => answers.push(reply), fail: (error: unknown) => failures.push(error) }
  return { answers, failures, reader }
}

it('is written with the lengths of its arguments in bytes', () => {
  const { reader } = heard()
  const text = new QueuedCommand('evalsha', ['grün', '', '👍'], reader).toWritable()
  expect(text).toBe('*4\r\n$7\r\nevalsha\r\n$5\r\ngrün\r\n$0\r\n\r\n$4\r\n👍\r\n')
})

it('reads what comes in bytes as text, at any depth, and leaves the rest', () => {
  const { answers, reader } = heard()
  const { resolve } = new QueuedCommand('evalsha', [], reader)
  resolve(Buffer.from('é'))
  resolve([Buffer.from('a'), 7, null, [Buffer.from('b')]])
  expect(answers).toEqual(['é', ['a', 7, null, ['b']]])
})

it('passes an error on as it is', () => {
  const { failures, reader } = heard()
  const { reject } = new QueuedCommand('evalsha', [], reader)
  const error = new Error('NOSCRIPT')
  reject(error)
  expect(failures).toEqual([error])
})
