import { styleText } from 'node:util'
import { plainLine } from './plain-text.js'

type Style = Parameters<typeof styleText>[0]

const STYLES: Readonly<Record<string, Style>> = {
  succeeded: 'green',
  retry: 'yellow',
  failed: 'red',
  lost: 'red',
  refused: 'red',
  reload: 'cyan',
  ready: 'cyan',
}
const WIDTH = 9

/** `12:00:01  succeeded  math.add JLz3… 12ms`: a line of `millrace dev`. Coloured on a terminal that has not opted out. */
export function eventLine(word: string, text: string, at: Date = new Date()): string {
  const style = STYLES[word] ?? 'dim'
  const head = styleText(style, word.padEnd(WIDTH), { stream: process.stdout })
  return `${at.toTimeString().slice(0, 8)}  ${head}  ${plainLine(text)}`
}

export function printEvent(word: string, text: string): void {
  process.stdout.write(`${eventLine(word, text)}\n`)
}
