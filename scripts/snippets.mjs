/**
 * Checks that code in the documentation is that of the examples. A block is marked by a line above its fence:
 * `<!-- from apps/examples/unique/tasks.ts#debounce -->` (a region of the file) or without `#…` (the whole file).
 * Regions stand between `// #region NAME` and `// #endregion`. Prints one line per difference and ends with status 1 when there is any.
 *
 * usage: node scripts/snippets.mjs [--write] [root]     --write puts the examples' code into the pages
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/**/*.md',
  '{packages,apps}/*/README.md',
  'apps/examples/*/README.md',
]
const MARK = /^<!-- from (\S+?)(?:#([\w-]+))? -->$/
const REGION = /^\s*\/\/ #(region|endregion)(?: ([\w-]+))?$/

/** @returns {{ problems: string[], blocks: number }} */
export function checkSnippets(root, write = false) {
  const problems = []
  let blocks = 0
  for (const page of globSync(PAGES, { cwd: root, exclude: (name) => String(name).includes('node_modules') }).sort()) {
    const path = page.split(sep).join('/')
    const lines = readFileSync(join(root, page), 'utf8').split('\n')
    const report = (line, message) => problems.push(`${path}:${line + 1}: ${message}`)
    // From the last to the first, so that a block that is replaced moves none that is still to come.
    for (let at = lines.length - 1; at >= 0; at -= 1) {
      const [, file, region] = MARK.exec(lines[at]) ?? []
      if (file === undefined) continue
      blocks += 1
      const fence = findFence(lines, at + 1)
      if (fence === undefined) report(at, 'no fenced block follows')
      else checkBlock({ root, file, region, lines, fence, write, report: (message) => report(at, message) })
    }
    if (write) writeFileSync(join(root, page), lines.join('\n'))
  }
  return { problems, blocks }
}

function checkBlock({ root, file, region, lines, fence, write, report }) {
  const full = join(root, file)
  if (!existsSync(full)) return report(`${file} does not exist`)
  const wanted = cut(readFileSync(full, 'utf8'), region)
  if (wanted === undefined) return report(`${file} has no region ${region}`)
  const found = lines.slice(fence.from, fence.to)
  if (found.join('\n') === wanted.join('\n')) return undefined
  if (write) return lines.splice(fence.from, found.length, ...wanted)
  const index = wanted.findIndex((line, position) => line !== found[position])
  return report(
    `differs from ${file}${region === undefined ? '' : `#${region}`} at its line ${index < 0 ? wanted.length + 1 : index + 1}: run node scripts/snippets.mjs --write`,
  )
}

/** The lines between the first fence at or after `start` (only blank lines before it) and its end. */
function findFence(lines, start) {
  let open = start
  while (lines[open] === '') open += 1
  if (!/^```\w+$/.test(lines[open] ?? '')) return undefined
  const close = lines.indexOf('```', open + 1)
  return close < 0 ? undefined : { from: open + 1, to: close }
}

/** Without the marks of regions, without the indentation that all lines share. */
function cut(text, region) {
  const kept = []
  let inside = region === undefined
  let seen = inside
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const [, kind, name] = REGION.exec(line) ?? []
    if (kind === undefined) {
      if (inside) kept.push(line)
    } else if (region !== undefined) {
      inside = kind === 'region' && name === region
      seen ||= inside
    }
  }
  if (!seen) return undefined
  const indent = Math.min(...kept.filter((line) => line !== '').map((line) => line.length - line.trimStart().length))
  return kept.map((line) => line.slice(indent))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2)
  const root = args.find((each) => !each.startsWith('--')) ?? join(dirname(fileURLToPath(import.meta.url)), '..')
  const { problems, blocks } = checkSnippets(root, args.includes('--write'))
  for (const problem of problems) console.log(problem)
  console.log(`snippets: ${blocks} blocks, ${problems.length} problems`)
  process.exitCode = problems.length === 0 ? 0 : 1
}
