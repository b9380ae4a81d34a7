import { checkName, InvalidOptionError } from '@millrace/core'

const DEFAULT_WEIGHT = 1

/**
 * `mail:3,default` as name → weight; 1 where none is given. A number behind the last colon is the weight, also where a
 * queue's name has colons.
 */
export function parseQueues(text: string): Record<string, number> {
  const weights: Record<string, number> = Object.create(null)
  for (const part of text.split(',').map((one) => one.trim())) {
    const [, name = part, digits] = /^(.*):(\d+(?:\.\d+)?)$/.exec(part) ?? []
    const weight = digits === undefined ? DEFAULT_WEIGHT : Number(digits)
    checkName('queue', name)
    if (name in weights) throw new InvalidOptionError({ option: '--queues', found: text, expected: 'each queue once' })
    if (weight <= 0)
      throw new InvalidOptionError({ option: `--queues ${name}`, found: weight, expected: 'a weight above 0' })
    weights[name] = weight
  }
  return { ...weights }
}
