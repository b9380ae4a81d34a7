import { tokenize } from './tokenize.js'

/** The line of a text that has most of the query's words, the first of equals, cut to `width` characters. */
export function snippet(text: string, query: string, width: number): string {
  const wanted = new Set(tokenize(query))
  let best = ''
  let most = 0
  for (const line of text.split('\n')) {
    const found = new Set(tokenize(line).filter((word) => wanted.has(word))).size
    if (found <= most) continue
    most = found
    best = line
  }
  const flat = best.replace(/\s+/g, ' ').trim()
  return flat.length <= width ? flat : `${flat.slice(0, width - 1)}…`
}
