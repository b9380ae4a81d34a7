/** One term of a query line. Positions count UTF-16 units of the line. */
export interface QueryToken {
  readonly from: number
  readonly to: number
  /** What stands before the colon; undefined for a bare word. */
  readonly key: string | undefined
  /** Where the value begins, its quote included. */
  readonly valueFrom: number
  /** Without quotes and escapes. */
  readonly value: string
  readonly quoted: boolean
  /** The closing quote is missing. */
  readonly open: boolean
}

/** Splits a line at blanks outside of quotes. Never throws; one pass. */
export function tokenizeQueryLine(line: string): QueryToken[] {
  const tokens: QueryToken[] = []
  let at = 0
  while (at < line.length) {
    if (isBlank(line[at])) {
      at++
      continue
    }
    const token = readToken(line, at)
    tokens.push(token)
    at = token.to
  }
  return tokens
}

function readToken(line: string, from: number): QueryToken {
  let at = from
  while (at < line.length && isKeyCharacter(line[at])) at++
  const hasKey = at > from && line[at] === ':'
  const key = hasKey ? line.slice(from, at) : undefined
  const valueFrom = hasKey ? at + 1 : from
  if (line[valueFrom] === '"') return { from, key, valueFrom, quoted: true, ...readQuoted(line, valueFrom + 1) }
  let to = valueFrom
  while (to < line.length && !isBlank(line[to])) to++
  return { from, to, key, valueFrom, value: line.slice(valueFrom, to), quoted: false, open: false }
}

function readQuoted(
  line: string,
  start: number,
): { readonly to: number; readonly value: string; readonly open: boolean } {
  let value = ''
  for (let at = start; at < line.length; at++) {
    const character = line[at] as string
    if (character === '"') return { to: at + 1, value, open: false }
    if (character === '\\' && at + 1 < line.length) value += line[++at]
    else value += character
  }
  return { to: line.length, value, open: true }
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r' || character === '\u00a0'
}

function isKeyCharacter(character: string | undefined): boolean {
  return character !== undefined && character >= 'a' && character <= 'z'
}
