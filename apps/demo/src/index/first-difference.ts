import type { SearchIndex } from './search-index.js'

/** Where two indexes part, in words for the screen; `undefined` where they don't. */
export function firstDifference(queued: SearchIndex, direct: SearchIndex): string | undefined {
  return (
    differing('document', documentLines(queued), documentLines(direct)) ??
    differing('word', wordLines(queued), wordLines(direct))
  )
}

function differing(what: string, queued: readonly string[], direct: readonly string[]): string | undefined {
  for (let at = 0; at < Math.max(queued.length, direct.length); at++) {
    if (queued[at] === direct[at]) continue
    return `${what} ${at + 1} is ${shown(queued[at])} by the queue and ${shown(direct[at])} without it`
  }
  return undefined
}

function documentLines({ documents }: SearchIndex): string[] {
  return documents.map(({ doc, length }) => `"${doc}" of ${length} words`)
}

function wordLines({ words }: SearchIndex): string[] {
  return words.map(([word, postings]) => `"${word}" at ${postings.join(' ')}`)
}

function shown(line: string | undefined): string {
  if (line === undefined) return 'absent'
  return line.length > 120 ? `${line.slice(0, 120)}…` : line
}
