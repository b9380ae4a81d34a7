import { writeIndex } from '../index/index-file.js'
import { mergePartials } from '../index/merge-partials.js'
import { merge } from '../tasks.js'

merge.handle(async ({ target, results }) => {
  const indexed = results.filter((result) => result.outcome === 'indexed')
  const skipped: Record<string, number> = {}
  for (const result of results) {
    if (result.outcome === 'skipped') skipped[result.reason] = (skipped[result.reason] ?? 0) + 1
  }
  const index = await mergePartials(indexed)
  const { checksum } = await writeIndex(target, index)
  return {
    target,
    checksum,
    documents: index.documents.length,
    words: index.words.length,
    bytes: indexed.reduce((sum, { bytes }) => sum + bytes, 0),
    skipped,
    attempts: results.reduce((sum, { attempts }) => sum + attempts, 0),
    retried: results.filter(({ attempts }) => attempts > 1).length,
    recovered: results.filter(({ crashes }) => crashes > 0).length,
  }
})
